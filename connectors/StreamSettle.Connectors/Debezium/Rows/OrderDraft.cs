using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Rows;

/// <summary>A row of <c>orders</c> while it is read.</summary>
/// <param name="unavailable">What stands for a large value that was not sent.</param>
internal sealed class OrderDraft(OrderColumns columns, UnavailableText unavailable) : RowDraft("orders", new(columns.InOrder), Values)
{
    static readonly RowValue[] Values =
    [
        RowValue.Integer, RowValue.Integer, RowValue.Integer, RowValue.Integer, RowValue.Text, RowValue.Text, RowValue.Text, RowValue.Decimal, RowValue.Decimal, RowValue.Decimal,
        RowValue.Label, RowValue.Flag, RowValue.Instant, RowValue.Json,
    ];

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

    /// <summary>An order that nobody remembers is not a new one when its row was completed before the change.</summary>
    public override int? Watched => OrderColumns.Completed;

    public override void SetNull(int column)
    {
        switch (column)
        {
            case OrderColumns.Merchant: merchant = null; break;
            case OrderColumns.Promoter: promoter = null; break;
            case OrderColumns.Carrier: carrier = null; break;
            case OrderColumns.Country: country = null; break;
            case OrderColumns.Category: category = null; break;
            case OrderColumns.CurrencyCode: currency = null; break;
            case OrderColumns.Gross: gross = null; break;
            // A shop without the column has none of it; one whose column is null does not know.
            case OrderColumns.Shipping or OrderColumns.Refunded: Required<DecimalAmount>(null, column); break;
            case OrderColumns.StatusLabel: status = null; break;
            case OrderColumns.Export: exportRefund = false; break;
            case OrderColumns.Completed: completedAt = null; break;
            case OrderColumns.InvoiceJson: invoice = null; break;
            default: base.SetNull(column); break;
        }
    }

    public override void SetDecimal(int column, DecimalAmount value)
    {
        switch (column)
        {
            case OrderColumns.Gross: gross = value; break;
            case OrderColumns.Shipping: shipping = value; break;
            case OrderColumns.Refunded: refunded = value; break;
            default: throw NoColumn(column);
        }
    }

    public override void SetText(int column, TextRange value)
    {
        switch (column)
        {
            case OrderColumns.Country: country = value; break;
            case OrderColumns.Category: category = value; break;
            case OrderColumns.CurrencyCode: currency = value; break;
            case OrderColumns.InvoiceJson: invoice = value; break;
            default: throw NoColumn(column);
        }
    }

    public override void SetLabel(int column, ReadOnlySpan<byte> value) => status = OrderStatusLabel.Parse(value);

    public override void SetFlag(int column, bool value) => exportRefund = value;

    public override void SetInstant(int column, UtcInstant value) => completedAt = value;

    protected override void SetOther(int column, long value)
    {
        switch (column)
        {
            case OrderColumns.Merchant: merchant = value; break;
            case OrderColumns.Promoter: promoter = value; break;
            case OrderColumns.Carrier: carrier = value; break;
            default: throw NoColumn(column);
        }
    }

    /// <exception cref="SerdeException">A column that must be there is null, or a value was not sent.</exception>
    public OrderRow ToRow(TextStore texts, ReadOnlySpan<byte> body)
    {
        return new OrderRow
        {
            Id = new(RequiredKey),
            Merchant = new(Required(merchant, OrderColumns.Merchant)),
            Promoter = promoter is { } p ? new PromoterId(p) : null,
            CarrierId = carrier,
            BuyerCountry = Sent(OrderColumns.Country, texts.Get(Required(country, OrderColumns.Country), body)),
            Category = category is { } c ? Sent(OrderColumns.Category, texts.Get(c, body)) : default,
            HasCategory = category.HasValue,
            Currency = texts.Get(Required(currency, OrderColumns.CurrencyCode), body),
            Gross = Required(gross, OrderColumns.Gross),
            Shipping = shipping ?? default,
            Refunded = refunded ?? default,
            Status = Required(status, OrderColumns.StatusLabel),
            ExportRefund = exportRefund,
            CompletedAt = completedAt,
            Invoice = invoice is { } i ? Sent(OrderColumns.InvoiceJson, texts.Get(i, body)) : default,
        };
    }

    /// <exception cref="SerdeException">There is a placeholder in its place.</exception>
    ReadOnlySpan<byte> Sent(int column, ReadOnlySpan<byte> value) => unavailable.Is(value)
        ? throw new SerdeException($"column {Columns[column]} was not sent ({System.Text.Encoding.UTF8.GetString(value)}): orders must have REPLICA IDENTITY FULL")
        : value;
}
