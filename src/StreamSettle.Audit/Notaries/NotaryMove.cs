namespace StreamSettle.Audit.Notaries;

/// <summary>What follows for a notarisation at a notary.</summary>
public abstract record NotaryMove
{
    NotaryMove()
    {
    }

    /// <summary>A step was taken, or is to be taken next: it is kept before the notary is asked again.</summary>
    public sealed record Step(NotaryStepKind Kind, string Evidence) : NotaryMove;

    /// <summary>Nothing is to be done but to wait; those behind it go on.</summary>
    public sealed record Wait(string Reason) : NotaryMove;

    /// <summary>It was refused a moment ago, and those behind it would be too: none is sent for a while.</summary>
    public sealed record HoldBack(string Reason) : NotaryMove;
}
