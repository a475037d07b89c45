using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Clock;

/// <summary>Where the clock's processors write: beside events and refused orders, messages to settle and records that cannot be read.</summary>
sealed class ClockOutputs(ProcessorContext context) : OrderOutputs(context, ClockNodes.Events, ClockNodes.DeadLetters)
{
    readonly ProcessorContext context = context;
    readonly Output<MerchantId, OrderMessage> dueOrders = context.Output<MerchantId, OrderMessage>(Topics.DueOrders);

    /// <summary>The task's.</summary>
    public int Partition => context.Task.Partition;

    /// <summary>After the last change of an order that settle was given in this run, as an offset of the source's topic.</summary>
    public long ChangesEnd { get; private set; }

    public void Forward(in OrderMessage message)
    {
        if (message.Kind is OrderMessageKind.Changed or OrderMessageKind.Deleted)
        {
            ChangesEnd = Math.Max(ChangesEnd, message.Offset + 1);
        }

        dueOrders.Forward(new() { Key = message.Merchant, Value = message, TimestampMs = TimestampMs });
    }

    /// <summary>A source record that cannot be read: it waits for a person with everything that its reading rests on, and the reason.</summary>
    public void SetAside(in SourceRecord record, OrderId? order, string reason) => Open(new()
    {
        Id = record.Name, Stage = DeadLetter.Intake, OrderId = order?.Value, Reason = reason, Since = context.SystemTime, Payload = record.Value.ToArray(),
        Topic = record.At.Topic, Partition = record.At.Partition, Offset = record.At.Offset, RecordTimestampMs = record.TimestampMs,
        RecordKey = record.KeyIsNull ? null : record.Key.ToArray(), RecordHeaders = record.Headers.Encoded.ToArray(),
    });
}
