using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Auditing;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Orders;

/// <summary>Where clock and settle write: events, and dead letters of what is refused. One a processor, which adds what it alone writes.</summary>
/// <param name="eventsNode">Node of the sink for events.</param>
/// <param name="deadLettersNode">Node of the sink for dead letters.</param>
abstract class OrderOutputs(ProcessorContext context, string eventsNode, string deadLettersNode)
{
    readonly Output<OrderId, OrderEvent> events = context.Output<OrderId, OrderEvent>(eventsNode);
    readonly Output<string, DeadLetter> deadLetters = context.Output<string, DeadLetter>(deadLettersNode);

    /// <summary>The wall clock as events write it.</summary>
    public string RecordedAt => context.SystemTime.ToString();

    protected long TimestampMs => context.SystemTime.Microseconds / 1000;

    public void Record(OrderId order, IReadOnlyList<SettlementEvent> happened)
    {
        for (var i = 0; i < happened.Count; i++)
        {
            events.Forward(new() { Key = order, Value = new(order, happened[i]), TimestampMs = TimestampMs });
        }
    }

    /// <param name="row">The row that was decided over: what a person is shown.</param>
    public void React(OrderCommand command, IReadOnlyList<OrderReaction> reactions, ReadOnlySpan<byte> row)
    {
        for (var i = 0; i < reactions.Count; i++)
        {
            switch (reactions[i])
            {
                case OpenDeadLetter letter:
                    Open(new()
                    {
                        Id = IdOf(command.Order, letter.N), Stage = Leg.Calculation.Name(), OrderId = command.Order.Value, MerchantId = command.Merchant.Value,
                        Reason = letter.Reason, Since = context.SystemTime, Payload = row.ToArray(),
                    });
                    break;
                case CloseDeadLetter letter:
                    Close(IdOf(command.Order, letter.N));
                    break;
            }
        }
    }

    /// <summary>Takes a dead letter off the list.</summary>
    public void Close(string id) => deadLetters.Forward(new() { Key = id, Value = null!, IsTombstone = true, TimestampMs = TimestampMs });

    protected void Open(DeadLetter letter) => deadLetters.Forward(new() { Key = letter.Id, Value = letter, TimestampMs = TimestampMs });

    static string IdOf(OrderId order, int n) => new CallKey(order, Leg.Calculation, n).ToString();
}
