using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Payouts;

/// <summary>What a split waits for that could go but for its payout terms.</summary>
/// <param name="Amount">The merchant's share of it, minor units.</param>
/// <param name="Reason">In words.</param>
/// <param name="PayableAt">From when on it may go; null where it waits for others, or nobody can say.</param>
/// <param name="Minimum">What the merchant's shares that wait must come to, minor units; null where it does not wait for that.</param>
/// <param name="LatestAt">When it waits no longer for the minimum; null where it does however long.</param>
/// <param name="Times">How often that was told of the order so far.</param>
public sealed record DeferredPayout(long Amount, string Reason, UtcInstant? PayableAt, long? Minimum, UtcInstant? LatestAt, int Times);
