using StreamSettle.Streams.Records;

namespace StreamSettle.Streams.Testing;

/// <summary>A record read from a topic, copied.</summary>
/// <param name="Key">Null for none.</param>
/// <param name="Value">Null for a tombstone.</param>
/// <param name="EncodedHeaders">As <see cref="Records.Headers"/> encodes them; empty for none.</param>
public sealed record OutputRecord(string Topic, int Partition, long Offset, byte[]? Key, byte[]? Value, long TimestampMs, byte[] EncodedHeaders)
{
    public Headers Headers => new(EncodedHeaders);
}
