using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Auditing;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Clock;

/// <summary>Where the clock's processors write: facts, orders for settle, dead letters and progress. One a processor.</summary>
sealed class ClockDesk(ProcessorContext context)
{
    readonly Output<OrderId, OrderEvent> events = context.Output<OrderId, OrderEvent>(ClockNodes.Events);
    readonly Output<MerchantId, OrderMessage> dueOrders = context.Output<MerchantId, OrderMessage>(Topics.DueOrders);
    readonly Output<string, DeadLetter> deadLetters = context.Output<string, DeadLetter>(ClockNodes.DeadLetters);

    /// <summary>The wall clock as events write it.</summary>
    public string RecordedAt => context.SystemTime.ToString();

    long TimestampMs => context.SystemTime.Microseconds / 1000;

    public void Tell(OrderId order, SettlementEvent happened) =>
        events.Forward(new() { Key = order, Value = new(order, happened), TimestampMs = TimestampMs });

    /// <summary>After the last change of an order that settle was given in this run, as an offset of the source's topic.</summary>
    public long ChangesEnd { get; private set; }

    public void Hand(in OrderMessage message)
    {
        if (message.Kind is OrderMessageKind.Changed or OrderMessageKind.Deleted)
        {
            ChangesEnd = Math.Max(ChangesEnd, message.Offset + 1);
        }

        dueOrders.Forward(new() { Key = message.Merchant, Value = message, TimestampMs = TimestampMs });
    }

    /// <summary>The order is refused: a fact, and a dead letter that waits for a person or a changed row.</summary>
    public void Refuse(OrderId order, MerchantId? merchant, string cause, string reason, ReadOnlySpan<byte> row)
    {
        var key = new CallKey(order, Leg.Calculation, 0).ToString();
        Tell(order, new DeliveryDeadLettered(cause, RecordedAt, key, Leg.Calculation.Name(), 0, 0, reason));
        var letter = new DeadLetter
        {
            Id = key, Stage = Leg.Calculation.Name(), OrderId = order.Value, MerchantId = merchant?.Value, Reason = reason,
            Since = context.SystemTime, Payload = row.ToArray(),
        };
        deadLetters.Forward(new() { Key = key, Value = letter, TimestampMs = TimestampMs });
    }

    /// <summary>A source record that cannot be read: it waits for a person with everything that its reading rests on, and the reason.</summary>
    public void SetAside(in SourceRecord record, OrderId? order, string reason)
    {
        var letter = new DeadLetter
        {
            Id = record.Name, Stage = DeadLetter.Intake, OrderId = order?.Value, Reason = reason, Since = context.SystemTime, Payload = record.Value.ToArray(),
            Topic = record.At.Topic, Partition = record.At.Partition, Offset = record.At.Offset, RecordTimestampMs = record.TimestampMs,
            RecordKey = record.KeyIsNull ? null : record.Key.ToArray(), RecordHeaders = record.Headers.Encoded.ToArray(),
        };
        deadLetters.Forward(new() { Key = letter.Id, Value = letter, TimestampMs = TimestampMs });
    }

    /// <summary>Takes the order's dead letter off the list.</summary>
    public void Unrefuse(OrderId order) => TakeOff(new CallKey(order, Leg.Calculation, 0).ToString());

    /// <summary>Takes a dead letter off the list.</summary>
    public void TakeOff(string id) => deadLetters.Forward(new() { Key = id, Value = null!, IsTombstone = true, TimestampMs = TimestampMs });
}
