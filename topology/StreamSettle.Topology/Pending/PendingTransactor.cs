using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Pending;

/// <summary>One decision over an order before its mark, from end to end: decides, evolves, records. Whoever asks keeps the state.</summary>
sealed class PendingTransactor(OrderOutputs outputs)
{
    /// <param name="row">The row that the decision rests on.</param>
    public PendingState Transact(in PendingState state, PendingCommand command, ReadOnlySpan<byte> row)
    {
        var events = PendingEvents.Decide(state, command);
        var after = PendingFold.Of(state, events);
        outputs.Record(command.Order, events);
        outputs.React(command, RefusalReactions.To(events, state.OpenRefusal, after.OpenRefusal), row);
        return after;
    }
}
