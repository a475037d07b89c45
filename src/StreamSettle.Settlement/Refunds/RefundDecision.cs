using System.Collections.Immutable;

namespace StreamSettle.Settlement.Refunds;

/// <summary>What a refund that arrives after the settlement does.</summary>
public abstract record RefundDecision
{
    RefundDecision()
    {
    }

    /// <summary>More was refunded than was settled or reversed so far: it is taken back from the lines.</summary>
    /// <param name="Refunded">Cumulative, minor units: what later refunds are measured against.</param>
    /// <param name="Increase">What is to be taken back.</param>
    /// <param name="Parts">What each line gives, in the order of the settlement's lines; 0 for a line that is no part of this reversal.</param>
    /// <param name="Uncovered">What the lines could not give any more; 0 unless a leg was discarded.</param>
    public sealed record Reversed(long Refunded, long Increase, ImmutableArray<long> Parts, long Uncovered) : RefundDecision;

    /// <summary>No increase: nothing happens.</summary>
    public sealed record Unchanged : RefundDecision
    {
        Unchanged()
        {
        }

        public static Unchanged Instance { get; } = new();
    }

    /// <summary>The refund is not one that this order can have; nothing changes.</summary>
    /// <param name="Reason">One of <see cref="Results.RefusalReasons"/>.</param>
    public sealed record Refused(string Reason) : RefundDecision;
}
