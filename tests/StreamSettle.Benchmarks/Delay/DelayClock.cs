using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>Keeps completed orders until the mark; a punctuation of stream time forwards what is due.</summary>
sealed class DelayClock : IProcessor<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
{
    const long DayMs = 86_400_000;
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    readonly ByteBuffer value = new();
    IKeyValueStore orders = null!;
    Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>> due = null!;
    long firedMs;

    public void Init(ProcessorContext context)
    {
        orders = context.Store(DelayTopology.OpenOrders.Name);
        due = context.Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>>("due");
        context.Schedule(Interval, PunctuationType.StreamTime, Fire);
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> record)
    {
        var order = OrderChange.Parse(record.Value);
        if (!order.IsCompleted)
        {
            return;
        }

        Span<byte> key = stackalloc byte[PendingOrder.KeySize];
        PendingOrder.WriteKey(key, order.CompletedAtMs + DayMs, order.OrderId);
        PendingOrder.Write(value, order, order.CompletedAtMs + DayMs);
        orders.Put(key, value.Written);
    }

    void Fire(UtcInstant time)
    {
        var nowMs = time.Microseconds / 1000;
        Span<byte> from = stackalloc byte[PendingOrder.KeySize];
        Span<byte> to = stackalloc byte[PendingOrder.KeySize];
        PendingOrder.WriteKey(from, firedMs, 0);
        PendingOrder.WriteKey(to, nowMs + 1, 0);
        using var scan = orders.Scan(from, to);
        while (scan.MoveNext())
        {
            due.Forward(new Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> { Key = PendingOrder.Read(scan.Value).MerchantKey, Value = scan.Value, TimestampMs = nowMs });
            orders.Delete(scan.Key);
        }

        firedMs = nowMs;
    }
}
