using CsCheck;
using StreamSettle.Kernel.Failures;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Tests.Codecs;

/// <summary>The layout of the due indexes' keys.</summary>
public sealed class DueKeyTests
{
    [Theory]
    [InlineData(0, 0, "80000000000000008000000000000000")]
    [InlineData(1, 42, "8000000000000001800000000000002A")]
    [InlineData(-1, -1, "7FFFFFFFFFFFFFFF7FFFFFFFFFFFFFFF")]
    [InlineData(long.MaxValue, long.MinValue, "FFFFFFFFFFFFFFFF0000000000000000")]
    public void Golden_bytes(long due, long order, string hex)
    {
        Span<byte> bytes = stackalloc byte[DueKey.Size];
        new DueKey(new(due), new(order)).Write(bytes);
        Assert.Equal(hex, Convert.ToHexString(bytes));
        Assert.Equal(new DueKey(new(due), new(order)), DueKey.Read(bytes));
    }

    [Fact]
    public void Bytes_sort_as_time_then_order() => Gen.Select(Gen.Long, Gen.Long, Gen.Long, Gen.Long).Sample((due, order, otherDue, otherOrder) =>
    {
        Span<byte> left = stackalloc byte[DueKey.Size];
        Span<byte> right = stackalloc byte[DueKey.Size];
        new DueKey(new(due), new(order)).Write(left);
        new DueKey(new(otherDue), new(otherOrder)).Write(right);
        Assert.Equal(Math.Sign((due, order).CompareTo((otherDue, otherOrder))), Math.Sign(left.SequenceCompareTo(right)));
    });

    [Fact]
    public void Other_lengths_are_corrupt() => Assert.Throws<CorruptStateException>(() => DueKey.Read(new byte[15]));
}
