using System.Buffers.Binary;
using System.Text;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Kernel.Bytes;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Spans it returns are slices of the source.</summary>
/// <exception cref="CorruptStateException">Every read, when the bytes end early or are not of the shape: they were not written by us.</exception>
public ref struct ByteReader(ReadOnlySpan<byte> source)
{
    ReadOnlySpan<byte> rest = source;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => rest;

    public readonly bool AtEnd => rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new CorruptStateException($"a flag is 0 or 1, but the byte is {other}"),
    };

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public Int128 Int128() => BinaryPrimitives.ReadInt128BigEndian(Take(16));

    public ulong VarUInt64()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new CorruptStateException("a varint is longer than 10 bytes");
    }

    public long VarInt64()
    {
        var value = VarUInt64();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public long? NullableVarInt64() => Bool() ? VarInt64() : null;

    public int Count()
    {
        var value = VarUInt64();
        return value <= int.MaxValue ? (int)value : throw new CorruptStateException($"a count of {value} is beyond any of ours");
    }

    public ReadOnlySpan<byte> Span() => Take(Count());

    public ReadOnlySpan<byte> NullableSpan(out bool isNull)
    {
        var length = Count();
        isNull = length == 0;
        return isNull ? default : Take(length - 1);
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)rest.Length)
        {
            throw new CorruptStateException($"{length} bytes expected, but only {rest.Length} are left");
        }

        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    public string String() => Encoding.UTF8.GetString(Span());

    public string? NullableString() => Bool() ? String() : null;
}
