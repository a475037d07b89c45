using System.Buffers.Binary;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Topology.Payouts;

/// <summary>Writes the parts of a key one behind the other.</summary>
ref struct PayoutKeyWriter
{
    readonly Span<byte> key;
    int length;

    public PayoutKeyWriter(Span<byte> key, byte kind)
    {
        this.key = key;
        key[0] = kind;
        length = 1;
    }

    public readonly ReadOnlySpan<byte> Written => key[..length];

    public PayoutKeyWriter Long(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(key[length..], value ^ long.MinValue);
        length += sizeof(long);
        return this;
    }

    public PayoutKeyWriter Byte(byte value)
    {
        key[length++] = value;
        return this;
    }

    public PayoutKeyWriter Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(key[length..]);
        length += bytes.Length;
        return this;
    }

    public PayoutKeyWriter Code(Currency currency)
    {
        currency.Write(key[length..]);
        length += 3;
        return this;
    }
}
