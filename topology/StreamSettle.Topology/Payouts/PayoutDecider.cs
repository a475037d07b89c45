using System.Globalization;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Payouts;

/// <summary>The half of <see cref="SettleDecider"/> that payout terms bring about. They move no money: they say when the split goes. Pure.</summary>
static class PayoutDecider
{
    public static IReadOnlyList<SettlementEvent> Decide(SettledOrder settled, SettledCommand command) => (settled.Deferred, command) switch
    {
        ({ } now, DeferPayout asked) when !asked.Deferral.IsOf(now) => [Deferred(settled, asked, asked.Deferral, Cause(now))],
        ({ } now, ReleasePayout asked) => [new PayoutReleased(Cause(now), asked.RecordedAt, KeyOf(asked), asked.Reason)],
        _ => [],
    };

    /// <summary>The verification was confirmed, and what the split waits for beside it was asked before; null where that is nothing, or was told.</summary>
    public static SettlementEvent? Opened(SettledOrder settled, SettledCommand command) => command is TakeResult { Deferral: { } deferral } && settled.Legs.Split == LegState.Sent
        ? Deferred(settled, command, deferral, command.Cause)
        : null;

    static PayoutDeferred Deferred(SettledOrder settled, SettledCommand command, PayoutDeferral deferral, string cause) => new(
        cause, command.RecordedAt, KeyOf(command), deferral.Amount, settled.Currency.ToString(), deferral.Reason, deferral.PayableAt?.ToString(), deferral.Minimum, deferral.LatestAt?.ToString());

    static string KeyOf(SettledCommand command) => new CallKey(command.Order, Leg.Split, 0).ToString();

    /// <summary>No record brings it about, but time, or another order.</summary>
    static string Cause(DeferredPayout now) => string.Create(CultureInfo.InvariantCulture, $"payouts@{now.Times}");
}
