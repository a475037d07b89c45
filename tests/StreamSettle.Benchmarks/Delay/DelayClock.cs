using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Windows;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>Keeps completed orders until the mark; a punctuation of stream time forwards what is due.</summary>
sealed class DelayClock : IProcessor<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
{
    const long DayMs = 86_400_000;
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    // Long against the interval, as the clock's own: each window that is dropped costs a range.
    static readonly TimeSpan Window = TimeSpan.FromHours(1);

    readonly ByteBuffer value = new();
    DueWindowStore orders = null!;
    Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>> due = null!;

    public void Init(ProcessorContext context)
    {
        orders = new(context.Store(DelayTopology.OpenOrders.Name), Window);
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
        PendingOrder.WriteKey(key, order.OrderId);
        var dueMs = order.CompletedAtMs + DayMs;
        PendingOrder.Write(value, order, dueMs);
        orders.Put(new(dueMs * 1000), key, value.Written);
    }

    void Fire(UtcInstant time)
    {
        var nowMs = time.Microseconds / 1000;
        using var scan = orders.Take(time);
        while (scan.MoveNext())
        {
            due.Forward(new Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> { Key = PendingOrder.Read(scan.Value).MerchantKey, Value = scan.Value, TimestampMs = nowMs });
        }
    }
}
