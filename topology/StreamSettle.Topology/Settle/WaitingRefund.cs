using StreamSettle.Kernel.Money;
using StreamSettle.Schemas.Changes;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>What a calculated order's row said last, as long as nobody knows whether its transaction went on: nothing follows from the middle of one.</summary>
/// <param name="Cause">The change as causes name it.</param>
/// <param name="Refunded">As the source has it.</param>
/// <param name="KeyChanged">The row came to this id by a changed primary key.</param>
/// <param name="Transaction">Its own in the source.</param>
/// <param name="NextOffset">The offset after it, in the order's partition of the source.</param>
public sealed record WaitingRefund(string Cause, DecimalAmount Refunded, bool KeyChanged, SourceTransaction Transaction, long NextOffset)
{
    /// <summary>One of these changes came after it and could not be read: it may have been of the same transaction.</summary>
    public bool IsInDoubt(System.Collections.Immutable.ImmutableArray<long> doubts) => DoubtList.IsInDoubt(doubts, NextOffset);
}
