using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>What a calculated order's row said last, as long as nobody knows whether its transaction went on: nothing follows from the middle of one.</summary>
/// <param name="Cause">The change as causes name it.</param>
/// <param name="Refunded">As the source has it.</param>
/// <param name="KeyChanged">The row came to this id by a changed primary key.</param>
/// <param name="CommittedAt">When its transaction was committed in the source: of one row's changes those of a transaction have the same instant, and no others.</param>
/// <param name="NextOffset">The offset after it, in the order's partition of the source.</param>
public sealed record WaitingRefund(string Cause, DecimalAmount Refunded, bool KeyChanged, UtcInstant CommittedAt, long NextOffset)
{
    /// <summary>One of these changes came after it and could not be read: it may have been of the same transaction.</summary>
    public bool IsInDoubt(System.Collections.Immutable.ImmutableArray<long> doubts) => DoubtList.IsInDoubt(doubts, NextOffset);
}
