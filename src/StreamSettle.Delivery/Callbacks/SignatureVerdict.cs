namespace StreamSettle.Delivery.Callbacks;

/// <summary>What a signature is worth.</summary>
public enum SignatureVerdict
{
    /// <summary>It is by a secret of the system, and fresh.</summary>
    Good,

    /// <summary>It is none, or not by a secret of the system.</summary>
    Bad,

    /// <summary>It is by a secret of the system, and made too long ago, or ahead of our clock: it may be somebody's who has heard it.</summary>
    Stale,
}
