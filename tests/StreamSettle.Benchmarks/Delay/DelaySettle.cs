using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>Splits the gross, raises the merchant's total, and sends one JSON settlement keyed by order id.</summary>
sealed class DelaySettle : IProcessor<ReadOnlySpan<byte>, ReadOnlySpan<byte>>, IDisposable
{
    const int PlatformPercent = 5;
    const int LogisticsPercent = 1;
    const int MaxDigits = 20;

    readonly ByteBuffer json = new();
    readonly Utf8JsonWriter writer;
    IKeyValueStore totals = null!;
    Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>> settlements = null!;

    public DelaySettle() => writer = new(json, new JsonWriterOptions { SkipValidation = true });

    public void Init(ProcessorContext context)
    {
        totals = context.Store(DelayTopology.Totals.Name);
        settlements = context.Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>>("settlements-sink");
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> record)
    {
        var order = PendingOrder.Read(record.Value);
        var gross = OrderChange.Minor(order.Gross);
        var platform = gross * PlatformPercent / 100;
        var logistics = gross * LogisticsPercent / 100;
        var merchant = gross - platform - logistics;

        Span<byte> total = stackalloc byte[sizeof(long)];
        var before = totals.TryGet(record.Key, out var kept) ? BinaryPrimitives.ReadInt64BigEndian(kept) : 0;
        BinaryPrimitives.WriteInt64BigEndian(total, before + merchant);
        totals.Put(record.Key, total);

        WriteJson(order, platform, logistics, merchant);
        Span<byte> key = stackalloc byte[MaxDigits];
        Utf8Formatter.TryFormat(order.OrderId, key, out var length);
        settlements.Forward(new Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> { Key = key[..length], Value = json.Written, TimestampMs = record.TimestampMs });
    }

    public void Close() => Dispose();

    public void Dispose() => writer.Dispose();

    void WriteJson(in PendingOrder order, long platform, long logistics, long merchant)
    {
        json.Clear();
        writer.Reset();
        writer.WriteStartObject();
        writer.WriteNumber("order_id"u8, order.OrderId);
        writer.WriteNumber("merchant_id"u8, BinaryPrimitives.ReadInt64BigEndian(order.MerchantKey));
        writer.WriteString("gross"u8, order.Gross);
        writer.WriteString("currency"u8, order.Currency);
        writer.WriteNumber("due_at"u8, order.DueMs);
        writer.WriteNumber("platform"u8, platform);
        writer.WriteNumber("logistics"u8, logistics);
        writer.WriteNumber("merchant"u8, merchant);
        writer.WriteEndObject();
        writer.Flush();
    }
}
