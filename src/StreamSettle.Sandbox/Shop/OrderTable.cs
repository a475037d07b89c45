using Npgsql;
using NpgsqlTypes;

namespace StreamSettle.Sandbox.Shop;

/// <summary>Writes many rows in one statement, each statement its own transaction.</summary>
internal sealed class OrderTable(NpgsqlDataSource database)
{
    const string InsertSql = """
        insert into orders (order_id, merchant_id, promoter_id, carrier_id, buyer_country, category, currency, gross_amount, shipping_amount, export_refund, invoice, status, completed_at, updated_at)
        select id, merchant, promoter, carrier, country, category, currency, gross, shipping, export, invoice::jsonb, status::order_status, completed, clock_timestamp()
        from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::numeric[], $9::numeric[], $10::bool[], $11::text[], $12::text[], $13::timestamptz[])
          as row(id, merchant, promoter, carrier, country, category, currency, gross, shipping, export, invoice, status, completed)
        """;

    const string AdvanceSql = """
        update orders set status = row.status::order_status, completed_at = coalesce(row.completed, orders.completed_at), updated_at = clock_timestamp()
        from unnest($1::bigint[], $2::text[], $3::timestamptz[]) as row(id, status, completed) where order_id = row.id
        """;

    const string EditSql = """
        update orders set
          status = coalesce(row.status::order_status, orders.status), refunded_amount = coalesce(row.refunded, refunded_amount), gross_amount = coalesce(row.gross, gross_amount),
          promoter_id = coalesce(row.promoter, promoter_id), merchant_id = coalesce(row.merchant, merchant_id), order_id = coalesce(row.new_id, order_id), updated_at = clock_timestamp()
        from unnest($1::bigint[], $2::text[], $3::numeric[], $4::numeric[], $5::bigint[], $6::bigint[], $7::bigint[]) as row(id, status, refunded, gross, promoter, merchant, new_id)
        where orders.order_id = row.id
        """;

    public Task InsertAsync(IReadOnlyList<ShopOrder> orders, string status, Func<ShopOrder, DateTime?> completedAt, CancellationToken cancellation) => ExecuteAsync(
        InsertSql,
        cancellation,
        Column(orders, order => order.Id),
        Column(orders, order => order.MerchantId),
        Column(orders, order => order.PromoterId),
        Column(orders, order => order.CarrierId),
        Column(orders, order => order.BuyerCountry),
        Column(orders, order => order.Category),
        Column(orders, order => order.Currency),
        Column(orders, order => order.Gross),
        Column(orders, order => order.Shipping),
        Column(orders, order => order.ExportRefund),
        Column(orders, order => order.Invoice),
        Column(orders, _ => status),
        Times(orders, completedAt));

    public Task AdvanceAsync(IReadOnlyList<ShopOrder> orders, string status, Func<ShopOrder, DateTime?> completedAt, CancellationToken cancellation) =>
        ExecuteAsync(AdvanceSql, cancellation, Column(orders, order => order.Id), Column(orders, _ => status), Times(orders, completedAt));

    public async Task EditAsync(IReadOnlyList<OrderEdit> edits, CancellationToken cancellation)
    {
        var changed = edits.Where(edit => !edit.Delete).ToArray();
        await ExecuteAsync(
            EditSql,
            cancellation,
            Column(changed, edit => edit.OrderId),
            Column(changed, edit => edit.Status),
            Column(changed, edit => edit.Refunded),
            Column(changed, edit => edit.Gross),
            Column(changed, edit => edit.PromoterId),
            Column(changed, edit => edit.MerchantId),
            Column(changed, edit => edit.NewId));
        var deleted = edits.Where(edit => edit.Delete).ToArray();
        await ExecuteAsync("delete from orders where order_id = any($1)", cancellation, Column(deleted, edit => edit.OrderId));
    }

    public Task InsertAsync(IReadOnlyList<ShopMerchant> merchants, CancellationToken cancellation) => ExecuteAsync(
        "insert into merchants (merchant_id, name, tier, country, time_zone) select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) on conflict do nothing",
        cancellation,
        Column(merchants, merchant => merchant.Id),
        Column(merchants, merchant => merchant.Name),
        Column(merchants, merchant => merchant.Tier),
        Column(merchants, merchant => merchant.Country.Code),
        Column(merchants, merchant => merchant.Country.TimeZone));

    public Task InsertAsync(IReadOnlyList<ShopPromoter> promoters, CancellationToken cancellation) => ExecuteAsync(
        "insert into promoters (promoter_id, parent_id, name) select * from unnest($1::bigint[], $2::bigint[], $3::text[]) on conflict do nothing",
        cancellation,
        Column(promoters, promoter => promoter.Id),
        Column(promoters, promoter => promoter.ParentId),
        Column(promoters, promoter => promoter.Name));

    /// <summary>The id after the greatest one that was not moved there by a key change.</summary>
    public async Task<long> NextIdAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select coalesce(max(order_id), 0) + 1 from orders where order_id < $1");
        command.Parameters.Add(new() { Value = FatePlan.KeyShift });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    async Task ExecuteAsync(string sql, CancellationToken cancellation, params NpgsqlParameter[] columns)
    {
        if (((Array)columns[0].Value!).Length == 0)
        {
            return;
        }

        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(columns);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    static NpgsqlParameter Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> value) => new() { Value = rows.Select(value).ToArray() };

    static NpgsqlParameter Times(IReadOnlyList<ShopOrder> orders, Func<ShopOrder, DateTime?> value) =>
        new() { Value = orders.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
