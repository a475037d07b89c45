namespace StreamSettle.Delivery.Breakers;

/// <summary>What the errors of a system leave of the traffic to it.</summary>
public enum BreakerMode
{
    /// <summary>All goes.</summary>
    Closed,

    /// <summary>Too many errors: calls of key accounts go on, of the others single ones as probes; invoices are left out of calls that are frozen meanwhile.</summary>
    Degraded,

    /// <summary>Nothing but errors for a while: one probe at a time, with a growing pause between them.</summary>
    Away,
}
