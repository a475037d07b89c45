namespace StreamSettle.Audit.Notaries;

/// <summary>What a notary is to testify to.</summary>
public enum NotarisedKind
{
    /// <summary>A seal, and by it all events that it covers.</summary>
    Seal = 1,

    /// <summary>A single event, the calculation of a split above an amount.</summary>
    Event = 2,
}
