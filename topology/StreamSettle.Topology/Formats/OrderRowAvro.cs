using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Avro.Logical;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Formats;

/// <summary>The record <c>OrderRow</c> of <c>due-order.avsc</c>.</summary>
static class OrderRowAvro
{
    const int DigitBytes = 16;

    /// <summary>The row itself, then what is in it.</summary>
    public static IReadOnlyList<string> Places { get; } =
    [
        "row", "row.id", "row.merchant", "row.promoter", "row.carrierId", "row.buyerCountry", "row.category", "row.currency", "row.gross", "row.gross.unscaled", "row.gross.scale",
        "row.shipping", "row.shipping.unscaled", "row.shipping.scale", "row.refunded", "row.refunded.unscaled", "row.refunded.scale", "row.status", "row.exportRefund", "row.completedAt", "row.invoice",
    ];

    /// <param name="at">The slot of the first of the places.</param>
    public static OrderRow Read(MessageValues values, int at) => new()
    {
        Id = new(values.Long(at + 1)),
        Merchant = new(values.Long(at + 2)),
        Promoter = values.OptionalLong(at + 3) is { } promoter ? new PromoterId(promoter) : null,
        CarrierId = values.OptionalLong(at + 4),
        BuyerCountry = values.Bytes(at + 5),
        HasCategory = values.Has(at + 6),
        Category = values.Bytes(at + 6),
        Currency = values.Bytes(at + 7),
        Gross = Amount(values, at + 8),
        Shipping = Amount(values, at + 11),
        Refunded = Amount(values, at + 14),
        Status = (OrderStatus)values.Long(at + 17),
        ExportRefund = values.Flag(at + 18),
        CompletedAt = values.OptionalLong(at + 19) is { } completed ? new UtcInstant(completed) : null,
        Invoice = values.Bytes(at + 20),
    };

    public static void Write(in OrderRow row, AvroEncoder to)
    {
        to.Long(row.Id.Value);
        to.Long(row.Merchant.Value);
        to.OptionalLong(row.Promoter?.Value);
        to.OptionalLong(row.CarrierId);
        to.Bytes(row.BuyerCountry);
        to.OptionalText(row.HasCategory, row.Category);
        to.Bytes(row.Currency);
        Write(row.Gross, to);
        Write(row.Shipping, to);
        Write(row.Refunded, to);
        to.Int((int)row.Status);
        to.Boolean(row.ExportRefund);
        to.OptionalLong(row.CompletedAt?.Microseconds);
        to.OptionalText(row.HasInvoice, row.Invoice);
    }

    static DecimalAmount Amount(MessageValues values, int at) =>
        values.Has(at) ? UnscaledDecimal.Read(values.Bytes(at + 1), values.Int(at + 2)) : DecimalAmount.NotANumber;

    static void Write(DecimalAmount amount, AvroEncoder to)
    {
        if (!to.Optional(amount.IsNumber))
        {
            return;
        }

        Span<byte> digits = stackalloc byte[DigitBytes];
        to.Bytes(UnscaledDecimal.Write(amount.Unscaled, digits));
        to.Int(amount.Scale);
    }
}
