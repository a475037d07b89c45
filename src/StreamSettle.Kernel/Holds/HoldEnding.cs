namespace StreamSettle.Kernel.Holds;

/// <summary>A scope is held by nobody any more: what events say of it.</summary>
/// <param name="Cause">As events name it.</param>
/// <param name="By">Who released it, or <see cref="ByExpiry"/>.</param>
public readonly record struct HoldEnding(HoldScope Scope, string Cause, string Reason, string By)
{
    /// <summary>No person: its time was over.</summary>
    public const string ByExpiry = "expiry";

    /// <summary>Nobody can say who any more: it was over long ago.</summary>
    public const string ByNobodyKnown = "unknown";
}
