using System.Collections.Immutable;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Results;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>What <see cref="SettleDecider"/> is asked about an order: a closed family, read as one sentence. Whatever a decision rests on beside the state is in it.</summary>
/// <param name="Cause">What brings it about, as events name it.</param>
/// <param name="RecordedAt">The wall clock as events write it.</param>
abstract record SettleCommand(OrderId Order, string Cause, string RecordedAt);

/// <summary>The order has come from the clock: something happens to it between its mark and its calculation.</summary>
abstract record PendingCommand(OrderId Order, string Cause, string RecordedAt) : SettleCommand(Order, Cause, RecordedAt);

/// <summary>Its row was read.</summary>
/// <param name="CompletedAt">The row's; null for none.</param>
/// <param name="DueAt">The mark by that row.</param>
sealed record TakeRow(
    OrderId Order, string Cause, string RecordedAt, PendingChange Change, bool KeyChanged, bool InDoubt, UtcInstant? CompletedAt, UtcInstant DueAt)
    : PendingCommand(Order, Cause, RecordedAt);

/// <summary>Its row has changed, and how cannot be read.</summary>
sealed record TakeUnreadable(OrderId Order, string Cause, string RecordedAt) : PendingCommand(Order, Cause, RecordedAt);

/// <summary>A person replays a refused order.</summary>
/// <param name="HasCompletedAt">The last known row has a completed_at.</param>
/// <param name="InDoubt">A later change could not be read.</param>
sealed record ReplayOrder(OrderId Order, string Cause, string RecordedAt, string By, bool HasCompletedAt, bool InDoubt) : PendingCommand(Order, Cause, RecordedAt);

/// <summary>A person gives a refused order up.</summary>
sealed record DiscardOrder(OrderId Order, string Cause, string RecordedAt, string By, string? Note) : PendingCommand(Order, Cause, RecordedAt);

/// <summary>The mark has passed everywhere, and was taken anew from what is known now.</summary>
sealed record TakeMark(OrderId Order, string Cause, string RecordedAt, UtcInstant CompletedAt, UtcInstant DueAt, UtcInstant Now) : PendingCommand(Order, Cause, RecordedAt);

/// <summary>The money was divided.</summary>
/// <param name="Result">Null where the merchant is not known.</param>
/// <param name="Explanations">One a line; empty where nothing was divided.</param>
sealed record Divide(
    OrderId Order, string Cause, string RecordedAt, SettlementResult? Result, ImmutableArray<string> Explanations, UtcInstant CompletedAt)
    : PendingCommand(Order, Cause, RecordedAt);

/// <summary>The order is calculated.</summary>
abstract record SettledCommand(OrderId Order, string Cause, string RecordedAt) : SettleCommand(Order, Cause, RecordedAt);

/// <summary>Its row was read: only a raised refund moves anything.</summary>
/// <param name="KeyChanged">The row came to this id by a changed primary key: it is another order's, as far as anybody knows.</param>
sealed record TakeRefund(
    OrderId Order, string Cause, string RecordedAt, DecimalAmount Refunded, bool KeyChanged, UtcInstant CommittedAt)
    : SettledCommand(Order, Cause, RecordedAt);

/// <summary>A person replays a refused refund: it is measured again.</summary>
sealed record ReplayRefund(OrderId Order, string Cause, string RecordedAt, int N, string By) : SettledCommand(Order, Cause, RecordedAt);

/// <summary>A person gives a refused refund up.</summary>
sealed record DiscardRefund(OrderId Order, string Cause, string RecordedAt, int N, string By, string? Note) : SettledCommand(Order, Cause, RecordedAt);

/// <summary>Delivery says what became of a call.</summary>
sealed record TakeResult(DeliveryResult Result, string RecordedAt) : SettledCommand(Result.Key.Order, CauseOf(Result), RecordedAt)
{
    static string CauseOf(in DeliveryResult result) => result.Outcome is DeliveryOutcome.Replayed or DeliveryOutcome.Discarded
        ? $"{result.By}@{result.RequestId}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{result.Key}#{result.Attempt}");
}

/// <summary>It is the turn of a reversal that was requested: <see cref="SettledOrder.ToStart"/>.</summary>
/// <param name="Lines">Of the settlement.</param>
sealed record StartReversal(OrderId Order, string Cause, string RecordedAt, ImmutableArray<SettledLine> Lines) : SettledCommand(Order, Cause, RecordedAt);
