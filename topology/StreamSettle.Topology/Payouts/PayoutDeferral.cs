using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Payouts;

/// <summary>What keeps a split back now. The members are those of <see cref="DeferredPayout"/>.</summary>
sealed record PayoutDeferral(long Amount, string Reason, UtcInstant? PayableAt = null, long? Minimum = null, UtcInstant? LatestAt = null)
{
    /// <summary>It is so already.</summary>
    public bool IsOf(DeferredPayout deferred) =>
        deferred.Amount == Amount && deferred.Reason == Reason && deferred.PayableAt == PayableAt && deferred.Minimum == Minimum && deferred.LatestAt == LatestAt;
}
