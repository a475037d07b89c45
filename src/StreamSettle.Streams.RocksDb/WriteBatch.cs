using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Streams.RocksDb;

/// <summary>
/// Puts and deletes that become durable together, in the bytes that RocksDB writes to its log (db/write_batch.cc): built without a native call
/// an entry, and outside of any lock. Reused: <see cref="Clear"/> keeps the buffer. Not thread-safe.
/// </summary>
/// <remarks>
/// <code>
///  batch  = sequence(8, 0) | entries(4, LE) | entry...
///  entry  = 0x05 | family(varint) | key(span) | value(span)      put
///         | 0x04 | family(varint) | key(span)                    delete
///         | 0x0E | family(varint) | from(span) | to(span)        delete the range, to exclusive
/// </code>
/// </remarks>
public sealed class WriteBatch
{
    const int HeaderSize = sizeof(long) + sizeof(int);
    const int CountAt = sizeof(long);
    const byte PutTag = 0x05;
    const byte DeleteTag = 0x04;
    const byte DeleteRangeTag = 0x0E;
    const int MaxVarint32 = 5;

    readonly ByteBuffer bytes = new(64 * 1024);

    public WriteBatch() => Clear();

    /// <summary>Entries in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Size of the batch, bytes.</summary>
    public int Length => bytes.Length;

    /// <summary>The batch in RocksDB's bytes.</summary>
    internal ReadOnlySpan<byte> Encoded
    {
        get
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.WrittenMutable[CountAt..], Count);
            return bytes.Written;
        }
    }

    public void Clear()
    {
        bytes.Clear();
        bytes.GetSpan(HeaderSize)[..HeaderSize].Clear();
        bytes.Advance(HeaderSize);
        Count = 0;
    }

    public void Put(ColumnFamily family, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value) => Put(family, default, key, default, value);

    /// <summary>Puts <paramref name="key"/> under <paramref name="keyPrefix"/>, with <paramref name="valueHead"/> before the value.</summary>
    /// <returns>Where the key (prefix included) stands, for <see cref="KeyAt"/>.</returns>
    public int Put(ColumnFamily family, scoped ReadOnlySpan<byte> keyPrefix, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> valueHead, scoped ReadOnlySpan<byte> value)
    {
        var keyLength = keyPrefix.Length + key.Length;
        var valueLength = valueHead.Length + value.Length;
        var to = bytes.GetSpan(1 + 3 * MaxVarint32 + keyLength + valueLength);
        var at = Begin(to, PutTag, family, keyPrefix, key);
        at += WriteVarint(to[at..], (uint)valueLength);
        valueHead.CopyTo(to[at..]);
        value.CopyTo(to[(at + valueHead.Length)..]);
        var keyAt = bytes.Length + at - VarintSize((uint)valueLength) - keyLength;
        bytes.Advance(at + valueLength);
        Count++;
        return keyAt;
    }

    public void Delete(ColumnFamily family, scoped ReadOnlySpan<byte> key) => Delete(family, default, key);

    /// <summary>Deletes <paramref name="key"/> under <paramref name="keyPrefix"/>.</summary>
    public void Delete(ColumnFamily family, scoped ReadOnlySpan<byte> keyPrefix, scoped ReadOnlySpan<byte> key)
    {
        var to = bytes.GetSpan(1 + 2 * MaxVarint32 + keyPrefix.Length + key.Length);
        bytes.Advance(Begin(to, DeleteTag, family, keyPrefix, key));
        Count++;
    }

    /// <summary>Deletes the keys from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive), both under their prefixes.</summary>
    public void DeleteRange(
        ColumnFamily family, scoped ReadOnlySpan<byte> fromPrefix, scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> toPrefix, scoped ReadOnlySpan<byte> to)
    {
        var toLength = toPrefix.Length + to.Length;
        var span = bytes.GetSpan(1 + 3 * MaxVarint32 + fromPrefix.Length + from.Length + toLength);
        var at = Begin(span, DeleteRangeTag, family, fromPrefix, from);
        at += WriteVarint(span[at..], (uint)toLength);
        toPrefix.CopyTo(span[at..]);
        to.CopyTo(span[(at + toPrefix.Length)..]);
        bytes.Advance(at + toLength);
        Count++;
    }

    /// <summary>A key that was put, to be changed in place: how a log entry gets its offset once that is known.</summary>
    public Span<byte> KeyAt(int position, int length) => bytes.WrittenMutable.Slice(position, length);

    static int Begin(Span<byte> to, byte tag, ColumnFamily family, scoped ReadOnlySpan<byte> keyPrefix, scoped ReadOnlySpan<byte> key)
    {
        to[0] = tag;
        var at = 1 + WriteVarint(to[1..], family.Id);
        at += WriteVarint(to[at..], (uint)(keyPrefix.Length + key.Length));
        keyPrefix.CopyTo(to[at..]);
        at += keyPrefix.Length;
        key.CopyTo(to[at..]);
        return at + key.Length;
    }

    static int WriteVarint(Span<byte> to, uint value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            to[length++] = (byte)(value | 0x80);
        }

        to[length++] = (byte)value;
        return length;
    }

    static int VarintSize(uint value) => value < 1u << 7 ? 1 : value < 1u << 14 ? 2 : value < 1u << 21 ? 3 : value < 1u << 28 ? 4 : MaxVarint32;
}
