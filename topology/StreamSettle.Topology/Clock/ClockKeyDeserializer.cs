using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Gives the bytes of keys as they are: only of a change that cannot be read the key matters. By then its schema has to be known, whatever the registry does at that
/// moment, so the first key of each schema is read here, where a record can be held back.
/// </summary>
sealed class ClockKeyDeserializer(IDeserializer<OrderId> keys) : IDeserializer<ReadOnlySpan<byte>>
{
    int? known;

    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> source)
    {
        if (WireFormat.TryReadId(source, out var id) && id != known)
        {
            Learn(source);
            known = id;
        }

        return source;
    }

    void Learn(ReadOnlySpan<byte> source)
    {
        try
        {
            keys.Read(source);
        }
        catch (SerdeException)
        {
            // It matters, and is told, if the change cannot be read either.
        }
    }
}
