using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Holds;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.People;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Formats;

/// <summary>Holds in either form.</summary>
sealed class HoldSerde(MessageSchemas schemas, bool writesAvro) : ISerde<Hold>
{
    readonly HoldAvro avro = new(schemas);

    public Hold Read(ReadOnlySpan<byte> source) => MessageReader.Takes(source) ? avro.Read(source) : Hold.Read(source);

    public void Write(Hold value, ByteWriter destination)
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
