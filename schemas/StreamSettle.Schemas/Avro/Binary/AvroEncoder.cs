using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Schemas.Avro.Binary;

/// <summary>Writes Avro's primitive values; <see cref="AvroCursor"/> reads them back.</summary>
/// <remarks>
/// <code>
///  boolean: 1 byte, 0 or 1 | int, long: zig-zag, then base 128, low group first | float, double: IEEE 754, little-endian | bytes, string: length as long, then the bytes
///  enum: index as int | union: branch as long, then its value | array, map: blocks of a count as long and the items, ended by 0 | record, fixed: nothing but the content
/// </code>
/// </remarks>
public readonly ref struct AvroEncoder(ByteBuffer to)
{
    readonly ByteBuffer to = to;

    public void Boolean(bool value) => new ByteWriter(to).Bool(value);

    public void Int(int value) => new ByteWriter(to).VarInt64(value);

    public void Long(long value) => new ByteWriter(to).VarInt64(value);

    public void Float(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(to.GetSpan(sizeof(float)), value);
        to.Advance(sizeof(float));
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(to.GetSpan(sizeof(double)), value);
        to.Advance(sizeof(double));
    }

    /// <summary>Bytes or a string's UTF-8, with their length.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Long(value.Length);
        to.Write(value);
    }

    /// <summary>A fixed's bytes, without a length.</summary>
    public void Fixed(ReadOnlySpan<byte> value) => to.Write(value);
}
