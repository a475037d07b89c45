using System.Buffers.Text;
using System.Text.Json;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>What the job needs of a Debezium change; spans point into the change.</summary>
readonly ref struct OrderChange
{
    public long OrderId { get; init; }

    public long MerchantId { get; init; }

    public ReadOnlySpan<byte> Gross { get; init; }

    public ReadOnlySpan<byte> Currency { get; init; }

    public bool IsCompleted { get; init; }

    public long CompletedAtMs { get; init; }

    /// <summary>Reads the whole JSON, so that every byte of it is checked, and keeps six fields of <c>after</c>.</summary>
    public static OrderChange Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        ReadOnlySpan<byte> gross = default, currency = default;
        long orderId = 0, merchantId = 0, completedAtMs = 0;
        var (isAfter, isCompleted) = (false, false);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.CurrentDepth == 1)
            {
                isAfter = reader.ValueTextEquals("after"u8);
                continue;
            }

            if (!isAfter || reader.CurrentDepth != 2)
            {
                continue;
            }

            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("order_id"u8))
            {
                orderId = reader.GetInt64();
            }
            else if (name.SequenceEqual("merchant_id"u8))
            {
                merchantId = reader.GetInt64();
            }
            else if (name.SequenceEqual("gross_amount"u8))
            {
                gross = reader.ValueSpan;
            }
            else if (name.SequenceEqual("currency"u8))
            {
                currency = reader.ValueSpan;
            }
            else if (name.SequenceEqual("status"u8))
            {
                isCompleted = reader.ValueTextEquals("COMPLETED"u8);
            }
            else if (name.SequenceEqual("completed_at"u8) && reader.TokenType == JsonTokenType.String)
            {
                completedAtMs = Milliseconds(reader.ValueSpan);
            }
        }

        return new OrderChange
        {
            OrderId = orderId,
            MerchantId = merchantId,
            Gross = gross,
            Currency = currency,
            IsCompleted = isCompleted,
            CompletedAtMs = completedAtMs,
        };
    }

    /// <summary>A decimal with two places in minor units.</summary>
    public static long Minor(ReadOnlySpan<byte> amount) =>
        Utf8Parser.TryParse(amount, out decimal value, out var used) && used == amount.Length
            ? decimal.ToInt64(value * 100)
            : throw new SerdeException("an amount is not a decimal");

    static long Milliseconds(ReadOnlySpan<byte> text) =>
        UtcInstant.TryParse(text, out var instant) ? instant.Microseconds / 1000 : throw new SerdeException("completed_at is not an instant");
}
