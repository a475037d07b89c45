using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>Decides what becomes of an order from its mark on: state and command in, facts out. Pure; the same command twice decides nothing the second time (I3, I7).</summary>
static class SettleDecider
{
    /// <summary>The facts in their order, with those that follow from them by themselves.</summary>
    public static IReadOnlyList<SettlementEvent> Decide(SettlementState state, OrderCommand command)
    {
        var decided = command switch
        {
            PendingCommand asked when state.Settled is null => PendingEvents.Decide(state.Pending, asked),
            Divide asked when state.IsScheduled => [OrderDivision.Decide(state.Pending, asked)],
            TakeHolds or TakeEndings => HeldSettlement.Decide(state, command),
            TakeResult { Result.Outcome: DeliveryOutcome.Held } asked => HeldSettlement.Decide(state, asked),
            DeferPayout or ReleasePayout when state.Settled is { } settled => PayoutDecider.Decide(settled, (SettledCommand)command),
            SettledCommand asked when state.Settled is { } settled => CalculatedSettlement.Decide(settled, asked),
            _ => [],
        };
        if (decided.Count == 0)
        {
            return decided;
        }

        List<SettlementEvent> all = [.. decided];
        for (var after = SettlementFold.Of(state, decided); Follows(after, command) is { } next; after = SettlementFold.Evolve(after, next))
        {
            all.Add(next);
        }

        return all;
    }

    /// <summary>The next fact that follows from the state alone: legs that can never go any more fall, and what is done is completed.</summary>
    static SettlementEvent? Follows(SettlementState state, OrderCommand command)
    {
        if (state.Settled is not { } settled)
        {
            return null;
        }

        if (command is SettledCommand asked && PayoutDecider.Opened(settled, asked) is { } deferred)
        {
            return deferred;
        }

        foreach (var leg in LegStates.All)
        {
            if (LegOrder.Falls(settled.Legs, leg))
            {
                // Who discarded the leg before it discards this one too.
                var by = command switch { TakeResult { Result.By: { } who } => who, DiscardReturned { By: var who } => who, _ => "" };
                return new DeliveryDiscarded(
                    $"{command.Cause}:{leg.Name()}", command.RecordedAt, new CallKey(command.Order, leg, 0).ToString(), leg.Name(), 0, 0, by);
            }
        }

        if (!settled.Completed)
        {
            return settled.Legs.AllDone ? new SettlementCompleted(command.Cause, command.RecordedAt, DiscardedOf(settled.Legs)) : null;
        }

        return settled.Reversals.FirstOrDefault(reversal => !reversal.Completed) is { Lines: not null, Legs.AllDone: true, N: var n }
            ? new ReversalCompleted($"{command.Cause}:{n}", command.RecordedAt, n)
            : null;
    }

    static List<string> DiscardedOf(LegStates legs)
    {
        List<string> names = [];
        foreach (var leg in LegStates.All)
        {
            if (legs[leg] == LegState.Discarded)
            {
                names.Add(leg.Name());
            }
        }

        return names;
    }
}
