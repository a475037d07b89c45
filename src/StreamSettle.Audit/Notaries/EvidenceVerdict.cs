using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Notaries;

/// <summary>What a notary's evidence is worth.</summary>
public abstract record EvidenceVerdict
{
    EvidenceVerdict()
    {
    }

    /// <summary>The digest was there at that time, as the notary says.</summary>
    /// <param name="By">Who testifies: the authority's name, or the chain's.</param>
    public sealed record Sound(UtcInstant At, string By) : EvidenceVerdict;

    /// <summary>It does not stand for the digest.</summary>
    public sealed record Broken(string Problem) : EvidenceVerdict;

    /// <summary>It cannot be told here.</summary>
    /// <param name="Remedy">What is missing.</param>
    /// <param name="IsAway">Whom it would be asked of does not answer now; else something is to be given.</param>
    public sealed record NotChecked(string Remedy, bool IsAway = false) : EvidenceVerdict;
}
