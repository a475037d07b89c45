using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>An order that waits: in the due windows by its id, then on its way to its merchant.</summary>
/// <remarks><code>
///  key   = orderId(8, BE)
///  value = orderId(8) | merchantId(8) | dueMs(8) | gross(span) | currency(span)
/// </code></remarks>
readonly ref struct PendingOrder
{
    public const int KeySize = sizeof(long);

    PendingOrder(ReadOnlySpan<byte> value)
    {
        var from = new ByteReader(value);
        OrderId = from.Int64();
        MerchantKey = from.Take(sizeof(long));
        DueMs = from.Int64();
        Gross = from.Span();
        Currency = from.Span();
    }

    public long OrderId { get; }

    public ReadOnlySpan<byte> MerchantKey { get; }

    public long DueMs { get; }

    public ReadOnlySpan<byte> Gross { get; }

    public ReadOnlySpan<byte> Currency { get; }

    public static PendingOrder Read(ReadOnlySpan<byte> value) => new(value);

    public static void WriteKey(Span<byte> key, long orderId) => BinaryPrimitives.WriteInt64BigEndian(key, orderId);

    public static void Write(ByteBuffer buffer, scoped in OrderChange order, long dueMs)
    {
        buffer.Clear();
        var to = new ByteWriter(buffer);
        to.Int64(order.OrderId);
        to.Int64(order.MerchantId);
        to.Int64(dueMs);
        to.Span(order.Gross);
        to.Span(order.Currency);
    }
}
