using System.Buffers.Binary;

namespace StreamSettle.Topology.Tests.Costs;

/// <summary>A key of up to 32 bytes as a value; sorts as its bytes do.</summary>
readonly record struct ShortKey(UInt128 High, UInt128 Low, int Length) : IComparable<ShortKey>
{
    public const int SizeMax = 32;

    const int HalfSize = SizeMax / 2;

    public static ShortKey Of(ReadOnlySpan<byte> key)
    {
        Span<byte> padded = stackalloc byte[SizeMax];
        padded.Clear();
        key.CopyTo(padded);
        return new(BinaryPrimitives.ReadUInt128BigEndian(padded), BinaryPrimitives.ReadUInt128BigEndian(padded[HalfSize..]), key.Length);
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, High);
        BinaryPrimitives.WriteUInt128BigEndian(destination[HalfSize..], Low);
    }

    public int CompareTo(ShortKey other) => (High, Low, Length).CompareTo((other.High, other.Low, other.Length));
}
