using System.Text.Json;
using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Rows;

/// <summary>A row of <c>orders</c> while it is read.</summary>
internal sealed class OrderDraft(OrderColumns columns) : RowDraft("orders", new(columns.InOrder))
{
    /// <summary>What Debezium sends for a large value that the server did not repeat.</summary>
    static ReadOnlySpan<byte> Unavailable => "__debezium_unavailable_value"u8;

    long? merchant;
    long? promoter;
    long? carrier;
    TextRange? country;
    TextRange? category;
    TextRange? currency;
    DecimalAmount? gross;
    DecimalAmount? shipping;
    DecimalAmount? refunded;
    OrderStatus? status;
    bool exportRefund;
    UtcInstant? completedAt;
    TextRange? invoice;

    public override void Clear()
    {
        base.Clear();
        (merchant, promoter, carrier, country, category, currency) = (null, null, null, null, null, null);
        (gross, shipping, refunded, status, exportRefund, completedAt, invoice) = (null, null, null, null, false, null, null);
    }

    protected override void SetOther(int column, ref Utf8JsonReader reader, ColumnPlan plan, TextStore texts)
    {
        var name = Columns[column];
        switch (column)
        {
            case OrderColumns.Merchant: merchant = ColumnValue.Int64(ref reader, name); break;
            case OrderColumns.Promoter: promoter = ColumnValue.Int64(ref reader, name); break;
            case OrderColumns.Carrier: carrier = ColumnValue.Int64(ref reader, name); break;
            case OrderColumns.Country: country = ColumnValue.Text(ref reader, name, texts); break;
            case OrderColumns.Category: category = ColumnValue.Text(ref reader, name, texts); break;
            case OrderColumns.CurrencyCode: currency = ColumnValue.Text(ref reader, name, texts); break;
            case OrderColumns.Gross: gross = ColumnValue.Decimal(ref reader, name, plan); break;
            case OrderColumns.Shipping: shipping = Known(ColumnValue.Decimal(ref reader, name, plan), column); break;
            case OrderColumns.Refunded: refunded = Known(ColumnValue.Decimal(ref reader, name, plan), column); break;
            case OrderColumns.StatusLabel: status = Status(ref reader, name); break;
            case OrderColumns.Export: exportRefund = ColumnValue.Bool(ref reader, name) ?? false; break;
            case OrderColumns.Completed: completedAt = ColumnValue.Instant(ref reader, name, plan); break;
            case OrderColumns.InvoiceJson: invoice = ColumnValue.Json(ref reader, name, texts); break;
            default: throw new InvalidOperationException($"orders has no column {column}");
        }
    }

    /// <exception cref="SerdeException">A column that must be there is null, or a value was not sent.</exception>
    public OrderRow ToRow(TextStore texts, ReadOnlySpan<byte> body)
    {
        var invoiceText = invoice is { } i ? texts.Get(i, body) : default;
        if (invoiceText.SequenceEqual(Unavailable))
        {
            throw new SerdeException($"column {Columns[OrderColumns.InvoiceJson]} was not sent ({System.Text.Encoding.UTF8.GetString(Unavailable)}): "
                + "orders must have REPLICA IDENTITY FULL");
        }

        return new OrderRow
        {
            Id = new(RequiredKey),
            Merchant = new(Required(merchant, OrderColumns.Merchant)),
            Promoter = promoter is { } p ? new PromoterId(p) : null,
            CarrierId = carrier,
            BuyerCountry = texts.Get(Required(country, OrderColumns.Country), body),
            Category = category is { } c ? texts.Get(c, body) : default,
            HasCategory = category.HasValue,
            Currency = texts.Get(Required(currency, OrderColumns.CurrencyCode), body),
            Gross = Required(gross, OrderColumns.Gross),
            Shipping = shipping ?? default,
            Refunded = refunded ?? default,
            Status = Required(status, OrderColumns.StatusLabel),
            ExportRefund = exportRefund,
            CompletedAt = completedAt,
            Invoice = invoiceText,
        };
    }

    /// <summary>A shop without the column has none of it; one whose column is null does not know.</summary>
    DecimalAmount Known(DecimalAmount? amount, int column) => Required(amount, column);

    static OrderStatus? Status(ref Utf8JsonReader reader, string column) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => OrderStatusLabel.Parse(reader.ValueSpan),
        _ => throw new SerdeException($"column {column} is {reader.TokenType}, expected a label of order_status"),
    };
}
