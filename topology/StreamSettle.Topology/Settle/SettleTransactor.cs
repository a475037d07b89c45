using StreamSettle.Audit.Events;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Settle;

/// <summary>One decision from end to end: decide, evolve, tell, react, and go on with what it is the turn of then. Whoever asks keeps the state.</summary>
sealed class SettleTransactor(Settlements settlements, SettleDesk desk)
{
    /// <param name="row">The row that the decision rests on; empty where it rests on none.</param>
    /// <returns>The state after it; the same object where nothing was changed.</returns>
    public SettlementState Transact(SettlementState state, SettleCommand command, ReadOnlySpan<byte> row = default)
    {
        Division? division = null;
        for (var next = command; next is not null; next = After(command, state, ref division))
        {
            var told = SettleDecider.Decide(state, next);
            var after = SettlementFold.Of(state, told);
            foreach (var happened in told)
            {
                desk.Tell(command.Order, happened);
                if (happened is SettlementCalculated calculated)
                {
                    division = Division.Of(calculated, InvoiceText.JsonOrNothing(Rows.Read(row).Invoice));
                    settlements.Keep(command.Order, division);
                }
            }

            foreach (var reaction in SettleReactions.To(told, state, after))
            {
                React(command, after, reaction, ref division, row);
            }

            state = after;
        }

        return state;
    }

    void React(SettleCommand command, SettlementState state, SettleReaction reaction, ref Division? division, ReadOnlySpan<byte> row)
    {
        switch (reaction)
        {
            case SendCall call:
                desk.Send(command.Order, state, division ??= settlements.DivisionOf(command.Order), call);
                break;
            case OpenDeadLetter letter:
                desk.Open(command.Order, state.Merchant, letter, row);
                break;
            case CloseDeadLetter letter:
                desk.Close(command.Order, letter);
                break;
        }
    }

    StartReversal? After(SettleCommand command, SettlementState state, ref Division? division) => state.Settled?.ToStart is null
        ? null
        : new(command.Order, command.Cause, command.RecordedAt, (division ??= settlements.DivisionOf(command.Order)).Lines);
}
