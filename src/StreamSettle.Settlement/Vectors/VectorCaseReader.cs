using System.Text;
using System.Text.Json;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Settlement.Vectors;

/// <summary>Reads a line of a cases file. What the case expects is not read: it is the asker's to compare.</summary>
internal static class VectorCaseReader
{
    /// <exception cref="FormatException">A value is not of its kind.</exception>
    /// <exception cref="JsonException">The line is not JSON.</exception>
    /// <exception cref="KeyNotFoundException">A key is missing.</exception>
    /// <exception cref="InvalidOperationException">A value has another JSON type.</exception>
    public static VectorCase Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var order = root.GetProperty("order");
        return new()
        {
            Name = root.GetProperty("name").GetString() ?? "",
            Rules = root.GetProperty("rules").GetString() ?? "",
            MerchantId = new(order.GetProperty("merchant_id").GetInt64()),
            Promoter = Id(order, "promoter_id") is { } promoter ? new PromoterId(promoter) : null,
            CarrierId = Id(order, "carrier_id"),
            BuyerCountry = Text(order, "buyer_country") ?? [],
            Category = Text(order, "category"),
            Currency = Text(order, "currency") ?? [],
            Gross = Amount(order.GetProperty("gross_amount")),
            Shipping = Amount(order.GetProperty("shipping_amount")),
            Refunded = Amount(order.GetProperty("refunded_amount")),
            ExportRefund = Value(order, "export_refund")?.GetBoolean() ?? false,
            CompletedAt = UtcInstant.Parse(order.GetProperty("completed_at").GetString() ?? ""),
            Tier = Value(root, "merchant") is { } merchant ? Text(merchant, "tier") : null,
            Promoters = Promoters(root),
            Refunds = Value(root, "refunds")?.EnumerateArray().Select(refund => Refund(refund.GetProperty("refunded"))).ToList(),
        };
    }

    static PromoterRows Promoters(JsonElement root) => Value(root, "promoters") is { } rows
        ? new(rows.EnumerateArray().ToDictionary(
            row => new PromoterId(row.GetProperty("promoterId").GetInt64()),
            row => Id(row, "parentId") is { } parent ? new PromoterId(parent) : default(PromoterId?)))
        : PromoterRows.None;

    static JsonElement? Value(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    static long? Id(JsonElement parent, string key) => Value(parent, key)?.GetInt64();

    static byte[]? Text(JsonElement parent, string key) => Value(parent, key)?.GetString() is { } text ? Encoding.UTF8.GetBytes(text) : null;

    static VectorRefund Refund(JsonElement value) => new(value.GetString() ?? "", Amount(value));

    static DecimalAmount Amount(JsonElement value) => DecimalAmount.TryParse(Encoding.UTF8.GetBytes(value.GetString() ?? ""), out var amount)
        ? amount
        : throw new FormatException($"'{value}' is no decimal");
}
