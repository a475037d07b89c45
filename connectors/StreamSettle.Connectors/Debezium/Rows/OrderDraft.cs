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
    bool statusUnsent;
    bool exportRefund;
    UtcInstant? completedAt;
    TextRange? invoice;

    public override void Clear()
    {
        base.Clear();
        (merchant, promoter, carrier, country, category, currency) = (null, null, null, null, null, null);
        (gross, shipping, refunded, status, statusUnsent, exportRefund, completedAt, invoice) = (null, null, null, null, false, false, null, null);
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

    public override void SetLabel(int column, ReadOnlySpan<byte> value) => (status, statusUnsent) = (OrderStatusLabel.Parse(value), unavailable.Is(value));

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

    /// <exception cref="SerdeException">A column that must be there is null.</exception>
    public OrderRow ToRow(TextStore texts, ReadOnlySpan<byte> body)
    {
        var unsent = statusUnsent ? UnsentOrderColumns.Status : UnsentOrderColumns.None;
        return new OrderRow
        {
            Id = new(RequiredKey),
            Merchant = new(Required(merchant, OrderColumns.Merchant)),
            Promoter = promoter is { } p ? new PromoterId(p) : null,
            CarrierId = carrier,
            BuyerCountry = Told(texts.Get(Required(country, OrderColumns.Country), body), UnsentOrderColumns.BuyerCountry, ref unsent),
            Category = category is { } c ? Told(texts.Get(c, body), UnsentOrderColumns.Category, ref unsent) : default,
            HasCategory = category.HasValue,
            Currency = Told(texts.Get(Required(currency, OrderColumns.CurrencyCode), body), UnsentOrderColumns.Currency, ref unsent),
            Gross = Required(gross, OrderColumns.Gross),
            Shipping = shipping ?? default,
            Refunded = refunded ?? default,
            Status = Required(status, OrderColumns.StatusLabel),
            ExportRefund = exportRefund,
            CompletedAt = completedAt,
            Invoice = invoice is { } i ? Told(texts.Get(i, body), UnsentOrderColumns.Invoice, ref unsent) : default,
            Unsent = unsent,
        };
    }

    /// <summary>A placeholder is nobody's text: its place stays empty, and the column is marked.</summary>
    ReadOnlySpan<byte> Told(ReadOnlySpan<byte> value, UnsentOrderColumns column, scoped ref UnsentOrderColumns unsent)
    {
        if (!unavailable.Is(value))
        {
            return value;
        }

        unsent |= column;
        return default;
    }
}
