using System.Collections.Immutable;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Results;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>The money of an order that waits was divided.</summary>
/// <param name="Result">Null where the merchant is not known.</param>
/// <param name="Explanations">One a line; empty where nothing was divided.</param>
/// <param name="Basis">What it rests on beside the amounts; null where nothing was divided.</param>
sealed record Divide(
    CommandContext Context, SettlementResult? Result, ImmutableArray<string> Explanations, UtcInstant CompletedAt, SettlementBasis? Basis = null) : OrderCommand(Context)
{
    /// <summary>Of the invoice that calls are made with; null where nothing was divided.</summary>
    public string? InvoiceDigest { get; init; }
}

/// <summary>Holds keep something of the order back.</summary>
sealed record TakeHolds(CommandContext Context, ImmutableArray<Hold> Holds) : OrderCommand(Context);

/// <summary>Nothing stands any more on scopes that held the order.</summary>
sealed record TakeEndings(CommandContext Context, ImmutableArray<HoldEnding> Endings) : OrderCommand(Context);

/// <summary>Something happens to an order that is calculated: with <see cref="Divide"/> and <see cref="PendingCommand"/> all that <see cref="SettleDecider"/> is asked.</summary>
abstract record SettledCommand(CommandContext Context) : OrderCommand(Context);

/// <summary>Its row was read: only a raised refund moves anything.</summary>
/// <param name="KeyChanged">The row came to this id by a changed primary key: it is another order's, as far as anybody knows.</param>
sealed record TakeRefund(CommandContext Context, DecimalAmount Refunded, bool KeyChanged, UtcInstant CommittedAt) : SettledCommand(Context);

/// <summary>A person replays a refused refund: it is measured again.</summary>
sealed record ReplayRefund(CommandContext Context, int N, string By, string? Note = null) : SettledCommand(Context);

/// <summary>A person gives a refused refund up.</summary>
sealed record DiscardRefund(CommandContext Context, int N, string By, string? Note) : SettledCommand(Context);

/// <summary>Delivery says what became of a call.</summary>
/// <param name="At">The wall clock as events write it.</param>
sealed record TakeResult(DeliveryResult Result, string At) : SettledCommand(new CommandContext(Result.Key.Order, Result.Merchant, CauseOf(Result), At))
{
    /// <summary>What keeps the split back that may go with this result; null for nothing.</summary>
    public PayoutDeferral? Deferral { get; init; }

    static string CauseOf(in DeliveryResult result) => result.Outcome is DeliveryOutcome.Replayed or DeliveryOutcome.Discarded or DeliveryOutcome.Held
        ? $"{result.By}@{result.RequestId}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{result.Key}#{result.Attempt}");
}

/// <summary>A system tells that it has undone a call's effect.</summary>
sealed record TakeReturn(CommandContext Context, OperatorRequest.Returned Told) : SettledCommand(Context);

/// <summary>A person sends a call again that its system has undone.</summary>
sealed record ReplayReturned(CommandContext Context, CallKey Key, string By, string? Note) : SettledCommand(Context);

/// <summary>A person leaves a call undone.</summary>
sealed record DiscardReturned(CommandContext Context, CallKey Key, string By, string? Note) : SettledCommand(Context);

/// <summary>It is the turn of a reversal that was requested: <see cref="SettledOrder.ToStart"/>.</summary>
/// <param name="Lines">Of the settlement.</param>
sealed record StartReversal(CommandContext Context, ImmutableArray<SettledLine> Lines) : SettledCommand(Context);

/// <summary>A split that waits for its payout goes on to wait, for something else.</summary>
sealed record DeferPayout(CommandContext Context, PayoutDeferral Deferral) : SettledCommand(Context);

/// <summary>Nothing keeps the split back any more.</summary>
sealed record ReleasePayout(CommandContext Context, string Reason) : SettledCommand(Context);
