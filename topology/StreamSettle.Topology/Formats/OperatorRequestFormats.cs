using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Operators;

namespace StreamSettle.Topology.Formats;

/// <summary>What operators ask, in either form.</summary>
sealed class OperatorRequestFormats(MessageSchemas schemas, bool writesAvro) : ISerde<OperatorRequest>
{
    readonly OperatorRequestSerde binary = new();
    readonly OperatorRequestAvro avro = new(schemas);

    public OperatorRequest Read(ReadOnlySpan<byte> source) => MessageReader.Takes(source) ? avro.Read(source) : binary.Read(source);

    public void Write(OperatorRequest value, ByteWriter destination)
    {
        if (writesAvro)
        {
            avro.Write(value, destination);
        }
        else
        {
            binary.Write(value, destination);
        }
    }
}
