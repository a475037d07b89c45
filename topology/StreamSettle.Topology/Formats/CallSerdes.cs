using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Calls;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Formats;

/// <summary>Commands in either form.</summary>
sealed class DeliveryCommandSerde(MessageSchemas schemas, bool writesAvro) : ISerde<DeliveryCommand>
{
    readonly DeliveryCommandAvro avro = new(schemas);

    public DeliveryCommand Read(ReadOnlySpan<byte> source) => MessageReader.Takes(source) ? avro.Read(source) : DeliveryCommand.Read(source);

    public void Write(DeliveryCommand value, ByteWriter destination)
    {
        if (writesAvro)
        {
            avro.Write(value, destination);
        }
        else
        {
            value.Write(destination);
        }
    }
}

/// <summary>Results in either form.</summary>
sealed class DeliveryResultSerde(MessageSchemas schemas, bool writesAvro) : ISerde<DeliveryResult>
{
    readonly DeliveryResultAvro avro = new(schemas);

    public DeliveryResult Read(ReadOnlySpan<byte> source) => MessageReader.Takes(source) ? avro.Read(source) : DeliveryResult.Read(source);

    public void Write(DeliveryResult value, ByteWriter destination)
    {
        if (writesAvro)
        {
            avro.Write(value, destination);
        }
        else
        {
            value.Write(destination);
        }
    }
}
