using System.Buffers.Binary;
using System.Text;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Schemas.Avro.Binary;

/// <summary>Writes Avro's primitive values; <see cref="AvroCursor"/> reads them back.</summary>
/// <remarks>
/// <code>
///  boolean: 1 byte, 0 or 1 | int, long: zig-zag, then base 128, low group first | float, double: IEEE 754, little-endian | bytes, string: length as long, then the bytes
///  enum: index as int | union: branch as long, then its value | array, map: blocks of a count as long and the items, ended by 0 | record, fixed: nothing but the content
/// </code>
/// </remarks>
public readonly ref struct AvroEncoder(ByteWriter to)
{
    readonly ByteWriter to = to;

    public AvroEncoder(ByteBuffer to)
        : this(new ByteWriter(to))
    {
    }

    public void Boolean(bool value) => to.Bool(value);

    public void Int(int value) => to.VarInt64(value);

    public void Long(long value) => to.VarInt64(value);

    public void Float(float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        to.Raw(bytes);
    }

    public void Double(double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        to.Raw(bytes);
    }

    /// <summary>Bytes or a string's UTF-8, with their length.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Long(value.Length);
        to.Raw(value);
    }

    /// <summary>A string; what is no Unicode in it becomes U+FFFD.</summary>
    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Long(length);
        to.Utf8(value, length);
    }

    /// <summary>Of <c>["null", X]</c> which branch follows.</summary>
    /// <returns>Whether a value has to be written behind it.</returns>
    public bool Optional(bool isThere)
    {
        Long(isThere ? 1 : 0);
        return isThere;
    }

    /// <summary>Of <c>["null", "string"]</c>.</summary>
    public void OptionalText(string? value)
    {
        if (Optional(value is not null))
        {
            Text(value!);
        }
    }

    /// <summary>Of <c>["null", "long"]</c>.</summary>
    public void OptionalLong(long? value)
    {
        if (Optional(value is not null))
        {
            Long(value!.Value);
        }
    }

    /// <summary>Of <c>["null", "string"]</c>, in UTF-8.</summary>
    public void OptionalText(bool isThere, ReadOnlySpan<byte> value)
    {
        if (Optional(isThere))
        {
            Bytes(value);
        }
    }

    /// <summary>Of an array of longs, in one block.</summary>
    public void Longs(ReadOnlySpan<long> values)
    {
        if (!values.IsEmpty)
        {
            Long(values.Length);
            foreach (var value in values)
            {
                Long(value);
            }
        }

        Long(0);
    }

    /// <summary>A fixed's bytes, without a length.</summary>
    public void Fixed(ReadOnlySpan<byte> value) => to.Raw(value);
}
