using StreamSettle.Audit.Events;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>What holds say of an order: each scope once, and its end once. They move no money and change no stage; whoever asks keeps the order back. Pure.</summary>
static class HeldSettlement
{
    public static IReadOnlyList<SettlementEvent> Decide(SettlementState state, OrderCommand command) => command switch
    {
        TakeHolds asked =>
        [
            .. asked.Holds.Where(hold => !state.Held.Contains(hold.Scope.ToString()))
                .Select(hold => new SettlementHeld(hold.Cause, asked.RecordedAt, hold.Scope.ToString(), hold.Reason, hold.By)),
        ],
        TakeEndings asked =>
        [
            .. asked.Endings.Where(ending => state.Held.Contains(ending.Scope.ToString()))
                .Select(ending => new SettlementReleased(ending.Cause, asked.RecordedAt, ending.Scope.ToString(), ending.Reason, ending.By)),
        ],
        _ => [],
    };

    /// <summary>Delivery keeps a call back that waits to be sent; of one that is over by now that says nothing.</summary>
    public static IReadOnlyList<SettlementEvent> Decide(SettlementState state, TakeResult asked)
    {
        var (result, scope) = (asked.Result, asked.Result.Text);
        return state.Settled?.LegsOf(result.Key.N)[result.Key.Leg] == LegState.Sent && !state.Held.Contains(scope)
            ? [new SettlementHeld(asked.Cause, result.RecordedAt.ToString(), scope, result.Note ?? "", result.By ?? "")]
            : [];
    }
}
