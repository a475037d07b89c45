namespace StreamSettle.Connectors.Embedded;

/// <summary>One of the three tables as the capture sees it.</summary>
/// <param name="Index">Its place among the captured: 0 merchants, 1 promoters, 2 orders, which is also the order of the snapshot.</param>
/// <param name="KeyColumn">The column that keys the records.</param>
/// <param name="Columns">What each column must be, for those that settlement reads.</param>
/// <param name="NeedsFullIdentity">Changes must come with the whole row before them.</param>
internal sealed record CapturedTable(
    int Index, TableName Name, string Topic, string KeyColumn, IReadOnlyList<CapturedColumn> Columns, bool NeedsFullIdentity)
{
    public const int Count = 3;

    /// <summary>Index of the orders.</summary>
    public const int Orders = 2;

    /// <summary>Its rows count as they are known whenever something is calculated, so that a transaction's must come at once. Orders wait for a mark instead.</summary>
    public bool CountsAsKnown => Index != Orders;

    /// <summary>Of an outbox what names the order in a record's key; null for a table whose rows are what they are about.</summary>
    public string? EventKey { get; init; }

    /// <summary>Its rows are events: only inserting one says anything.</summary>
    public bool IsOutbox => EventKey is not null;

    public static IReadOnlyList<CapturedTable> Of(EmbeddedCdcOptions options)
    {
        var (orders, merchants, promoters) = (options.Orders, options.Merchants, options.Promoters);
        return
        [
            new(0, options.Tables.Merchants, Topic(options.Tables.Merchants), merchants.MerchantId,
                [.. merchants.InOrder.Select(name => new CapturedColumn(name, KindOf(merchants, name), name == merchants.MerchantId))], false),
            new(1, options.Tables.Promoters, Topic(options.Tables.Promoters), promoters.PromoterId,
                [new(promoters.PromoterId, ColumnKind.Integer, true), new(promoters.ParentId, ColumnKind.Integer, false)], false),
            options.Outbox ? Debezium.Outbox.OutboxTable.In(Orders, Topic(options.Tables.Orders), orders.OrderId) : new(Orders, options.Tables.Orders, Topic(options.Tables.Orders), orders.OrderId,
                [.. orders.InOrder.Select(name => new CapturedColumn(name, KindOf(orders, name), orders.Present.Contains(name)))], true),
        ];

        string Topic(TableName table) => $"{options.TopicPrefix}.{table}";
    }

    static ColumnKind KindOf(Debezium.MerchantColumns merchants, string name) =>
        name == merchants.MerchantId ? ColumnKind.Integer : name == merchants.Country ? ColumnKind.Country : ColumnKind.Text;

    static ColumnKind KindOf(Debezium.OrderColumns orders, string name) => name switch
    {
        _ when name == orders.OrderId || name == orders.MerchantId || name == orders.PromoterId || name == orders.CarrierId => ColumnKind.Integer,
        _ when name == orders.GrossAmount || name == orders.ShippingAmount || name == orders.RefundedAmount => ColumnKind.Numeric,
        _ when name == orders.CompletedAt => ColumnKind.TimestampTz,
        _ when name == orders.ExportRefund => ColumnKind.Boolean,
        _ when name == orders.Status => ColumnKind.Status,
        _ when name == orders.BuyerCountry => ColumnKind.Country,
        _ when name == orders.Currency => ColumnKind.Currency,
        _ when name == orders.CategoryName => ColumnKind.Text,
        _ => ColumnKind.Any,
    };
}
