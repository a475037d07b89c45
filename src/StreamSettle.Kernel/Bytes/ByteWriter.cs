using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace StreamSettle.Kernel.Bytes;

/// <summary>Writes the primitives that our codecs are made of. <see cref="ByteReader"/> reads them back.</summary>
/// <remarks>
/// Fixed-width integers are big-endian. A varint is base-128, low group first; a signed one is zig-zag first.
/// A span is its length as varint and its bytes; a nullable one is length + 1, 0 for null.
/// </remarks>
public readonly ref struct ByteWriter(IBufferWriter<byte> destination)
{
    readonly IBufferWriter<byte> destination = destination;

    public void Byte(byte value)
    {
        destination.GetSpan(1)[0] = value;
        destination.Advance(1);
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination.GetSpan(sizeof(long)), value);
        destination.Advance(sizeof(long));
    }

    public void Int128(Int128 value)
    {
        BinaryPrimitives.WriteInt128BigEndian(destination.GetSpan(16), value);
        destination.Advance(16);
    }

    public void VarUInt64(ulong value)
    {
        var span = destination.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        destination.Advance(length);
    }

    public void VarInt64(long value) => VarUInt64((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>A varint and whether it is there at all.</summary>
    public void NullableVarInt64(long? value)
    {
        Bool(value.HasValue);
        if (value.HasValue)
        {
            VarInt64(value.Value);
        }
    }

    public void Span(ReadOnlySpan<byte> value)
    {
        VarUInt64((ulong)value.Length);
        Raw(value);
    }

    public void NullableSpan(bool isNull, ReadOnlySpan<byte> value)
    {
        VarUInt64(isNull ? 0 : (ulong)value.Length + 1);
        if (!isNull)
        {
            Raw(value);
        }
    }

    /// <summary>The bytes as they are, without a length.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(destination.GetSpan(value.Length));
        destination.Advance(value.Length);
    }

    public void String(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        VarUInt64((ulong)length);
        Utf8(value, length);
    }

    /// <summary>The text in UTF-8, without a length.</summary>
    /// <param name="length">How many bytes that is.</param>
    public void Utf8(string value, int length)
    {
        Encoding.UTF8.GetBytes(value, destination.GetSpan(length));
        destination.Advance(length);
    }

    public void NullableString(string? value)
    {
        Bool(value is not null);
        if (value is not null)
        {
            String(value);
        }
    }
}
