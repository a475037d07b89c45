using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Holds;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.People;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Auditing;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Serdes;

namespace StreamSettle.Topology.Formats;

/// <summary>
/// How records go from one of our tasks to another, and to people. Both forms are read always, each record saying by its first byte which it has; which is written is a choice, since
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
    public ISerde<DeadLetter> DeadLetters() => schemas is null ? new BinarySerde<DeadLetter>() : new EitherFormSerde<DeadLetter>(new BinarySerde<DeadLetter>(), new DeadLetterAvro(schemas), writesAvro);

    /// <inheritdoc cref="Commands"/>
    public ISerde<Hold> Holds() => schemas is null ? new BinarySerde<Hold>() : new EitherFormSerde<Hold>(new BinarySerde<Hold>(), new HoldAvro(schemas), writesAvro);

    /// <inheritdoc cref="Commands"/>
    public ISerde<OperatorRequest> OperatorRequests() => schemas is null ? new OperatorRequestSerde() : new EitherFormSerde<OperatorRequest>(new OperatorRequestSerde(), new OperatorRequestAvro(schemas), writesAvro);

    /// <summary>Reads dead letters as the bytes of the binary form, which the store of them holds.</summary>
    internal IDeserializer<ReadOnlySpan<byte>> DeadLetterBytes() => schemas is null ? new BytesSerde() : ToBinary(new DeadLetterAvro(schemas));

    /// <inheritdoc cref="Commands"/>
    internal ISerializer<OrderEvent> Facts() => schemas is not null && writesAvro ? new FactSerializer(schemas) : new OrderEventSerializer();

    /// <summary>Reads facts as the bytes of the binary form, which the audit takes.</summary>
    internal IDeserializer<ReadOnlySpan<byte>> FactBytes() => schemas is null ? new BytesSerde() : ToBinary(new SettlementFactAvro(schemas));

    /// <inheritdoc cref="Commands"/>
    internal ISerde<OrderMessage> DueOrders() => schemas is null ? new BinarySerde<OrderMessage>() : new OrderMessageSerde(schemas, writesAvro);

    static BinaryFormBytes ToBinary(DeadLetterAvro letters) => new((avro, binary) => letters.Read(avro).Write(binary));

    static BinaryFormBytes ToBinary(SettlementFactAvro facts) => new((avro, binary) => EventCodec.Write(binary, facts.Read(avro)));
}
