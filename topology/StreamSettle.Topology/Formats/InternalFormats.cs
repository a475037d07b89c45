using StreamSettle.Kernel.Calls;
using StreamSettle.Schemas.Messages;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Formats;

/// <summary>
/// How records go from one of our tasks to another. Both forms are read always, each record saying by its first byte which it has; which is written is a choice, since
/// releases before this one read the binary form alone.
/// </summary>
/// <param name="schemas">Of records in Avro; null where there can be none.</param>
/// <param name="writesAvro">False for the binary layouts beside the types.</param>
public sealed class InternalFormats(MessageSchemas? schemas, bool writesAvro)
{
    /// <summary>Binary, with no record in Avro to be met.</summary>
    public static InternalFormats Binary { get; } = new(null, writesAvro: false);

    /// <summary>One serde a task.</summary>
    public ISerde<DeliveryCommand> Commands() => schemas is null ? new BinarySerde<DeliveryCommand>() : new DeliveryCommandSerde(schemas, writesAvro);

    /// <inheritdoc cref="Commands"/>
    public ISerde<DeliveryResult> Results() => schemas is null ? new BinarySerde<DeliveryResult>() : new DeliveryResultSerde(schemas, writesAvro);

    /// <inheritdoc cref="Commands"/>
    internal ISerde<OrderMessage> DueOrders() => schemas is null ? new BinarySerde<OrderMessage>() : new OrderMessageSerde(schemas, writesAvro);
}
