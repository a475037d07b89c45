using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>One decision from end to end: decides, evolves, records, reacts, and goes on with what it is the turn of then. Whoever asks keeps the state.</summary>
sealed class SettleTransactor(Settlements settlements, SettleOutputs outputs)
{
    /// <param name="kept">The order as it is.</param>
    /// <param name="row">The row that the decision rests on; empty where it rests on none.</param>
    /// <returns>The state after it; the same object where nothing was changed.</returns>
    public SettlementState Transact(KeptSettlement kept, OrderCommand command, ReadOnlySpan<byte> row = default)
    {
        var state = kept.State;
        Division? division = null;
        for (var next = command; next is not null; next = After(command, state, ref division))
        {
            var events = SettleDecider.Decide(state, next);
            var after = SettlementFold.Of(state, events);
            outputs.Record(command.Order, events);
            if (events is [SettlementCalculated calculated, ..])
            {
                division = Division.Of(calculated, InvoiceText.JsonOrNothing(Rows.Read(row).Invoice));
                settlements.Keep(command.Order, division);
            }

            var reactions = SettleReactions.To(events, state, after);
            outputs.React(command, reactions, row);
            foreach (var reaction in reactions)
            {
                switch (reaction)
                {
                    case SendCall call:
                        outputs.Send(kept with { State = after }, division ??= settlements.DivisionOf(command.Order), call);
                        break;
                    case OpenReturned returned:
                        outputs.Open(kept with { State = after }, division ??= settlements.DivisionOf(command.Order), returned.Returned);
                        break;
                    case CloseReturned returned:
                        outputs.Close(new CallKey(command.Order, returned.Leg, returned.N, returned.Returns).ToString());
                        break;
                }
            }

            state = after;
        }

        return state;
    }

    StartReversal? After(OrderCommand command, SettlementState state, ref Division? division) => state.Settled?.ToStart is null
        ? null
        : new(command.Context, (division ??= settlements.DivisionOf(command.Order)).Lines);
}
