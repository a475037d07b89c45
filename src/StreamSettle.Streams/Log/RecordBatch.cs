using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.Log;

/// <summary>Records of one partition, one after another in one buffer: how they are collected, stored embedded, and fetched.</summary>
/// <remarks>
/// <code>
///  record = length(4, BE, of what follows) | timestampMs(8, BE) | key(nullable span) | value(nullable span) | headers(rest, see Headers)
/// </code>
/// Offsets are not in the bytes: the n-th record has the batch's base offset + n.
/// </remarks>
public sealed class RecordBatch
{
    readonly ByteBuffer bytes = new(4096);

    /// <summary>Records in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>The framed records.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.Written;

    public void Clear()
    {
        bytes.Clear();
        Count = 0;
    }

    /// <summary>Appends one record.</summary>
    public void Add(long timestampMs, bool keyIsNull, ReadOnlySpan<byte> key, bool valueIsNull, ReadOnlySpan<byte> value, ReadOnlySpan<byte> headers)
    {
        var start = bytes.Length;
        bytes.GetSpan(sizeof(int));
        bytes.Advance(sizeof(int));
        var to = new ByteWriter(bytes);
        to.Int64(timestampMs);
        to.NullableSpan(keyIsNull, key);
        to.NullableSpan(valueIsNull, value);
        to.Raw(headers);
        BinaryPrimitives.WriteInt32BigEndian(bytes.WrittenMutable[start..], bytes.Length - start - sizeof(int));
        Count++;
    }

    /// <summary>Reads the record at the start of <paramref name="rest"/> and moves past it; false at the end.</summary>
    /// <exception cref="CorruptStateException">The bytes are no batch of ours.</exception>
    public static bool TryReadNext(scoped ref ReadOnlySpan<byte> rest, out RawRecord record)
    {
        record = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        var frame = new ByteReader(rest);
        var length = BinaryPrimitives.ReadInt32BigEndian(frame.Take(sizeof(int)));
        var body = new ByteReader(frame.Take(length));
        rest = frame.Rest;
        var timestampMs = body.Int64();
        var key = body.NullableSpan(out var keyIsNull);
        var value = body.NullableSpan(out var valueIsNull);
        record = new RawRecord { TimestampMs = timestampMs, Key = key, KeyIsNull = keyIsNull, Value = value, ValueIsNull = valueIsNull, Headers = body.Rest };
        return true;
    }
}

/// <summary>A record of a batch, as bytes.</summary>
public readonly ref struct RawRecord
{
    public long TimestampMs { get; init; }

    public bool KeyIsNull { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public bool ValueIsNull { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }

    public ReadOnlySpan<byte> Headers { get; init; }
}
