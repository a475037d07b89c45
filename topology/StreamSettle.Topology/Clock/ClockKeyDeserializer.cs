using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Gives the bytes of keys as they are: only of a change that cannot be read the key matters. By then its schema has to be known, whatever the registry does at that
/// moment, so the first key of each schema is read here, where a record can be held back.
/// </summary>
sealed class ClockKeyDeserializer(IDeserializer<OrderId> keys) : IDeserializer<ReadOnlySpan<byte>>
{
    SchemaName? known;

    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source) => Read(source, default);

    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source, Headers headers)
    {
        if (WireFormat.TryReadName(headers.TryGet(WireFormat.KeyHeader, out var frame) ? frame : source, out var name) && name != known)
        {
            Learn(source, headers);
            known = name;
        }

        return source;
    }

    void Learn(ReadOnlySpan<byte> source, Headers headers)
    {
        try
        {
            keys.Read(source, headers);
        }
        catch (SerdeException)
        {
            // It matters, and is told, if the change cannot be read either.
        }
    }
}
