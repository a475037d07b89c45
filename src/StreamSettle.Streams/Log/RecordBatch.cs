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
    const int HeadSize = sizeof(int) + sizeof(long);
    const int VarIntSizeMax = 5;

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
    public void Add(scoped in RawRecord record) => Add(record.TimestampMs, record.KeyIsNull, record.Key, record.ValueIsNull, record.Value, record.Headers);

    /// <inheritdoc cref="Add(in RawRecord)"/>
    public void Add(long timestampMs, bool keyIsNull, ReadOnlySpan<byte> key, bool valueIsNull, ReadOnlySpan<byte> value, ReadOnlySpan<byte> headers)
    {
        // One reservation a record: the longest it can be, then what it is.
        var span = bytes.GetSpan(HeadSize + 2 * VarIntSizeMax + key.Length + value.Length + headers.Length);
        BinaryPrimitives.WriteInt64BigEndian(span[sizeof(int)..], timestampMs);
        var length = HeadSize;
        length += WriteNullable(span[length..], keyIsNull, key);
        length += WriteNullable(span[length..], valueIsNull, value);
        headers.CopyTo(span[length..]);
        length += headers.Length;
        BinaryPrimitives.WriteInt32BigEndian(span, length - sizeof(int));
        bytes.Advance(length);
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

    /// <summary>As <see cref="ByteWriter.NullableSpan"/>, straight into a span; returns the bytes written.</summary>
    static int WriteNullable(Span<byte> destination, bool isNull, ReadOnlySpan<byte> value)
    {
        var length = 0;
        var count = isNull ? 0u : (uint)value.Length + 1;
        for (; count >= 0x80; count >>= 7)
        {
            destination[length++] = (byte)(count | 0x80);
        }

        destination[length++] = (byte)count;
        if (isNull)
        {
            return length;
        }

        value.CopyTo(destination[length..]);
        return length + value.Length;
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
