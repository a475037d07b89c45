using System.Buffers.Binary;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Topology.Orders;

/// <summary>An order id as a store key or record key: 8 bytes, big-endian.</summary>
static class OrderKey
{
    public const int Size = sizeof(long);

    public static OrderId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadInt64BigEndian(source));

    public static void Write(OrderId order, Span<byte> destination) => BinaryPrimitives.WriteInt64BigEndian(destination, order.Value);
}
