using System.Runtime.CompilerServices;
using Npgsql;
using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Snapshots;

/// <summary>
/// The source as it stands in the snapshot that is about to be taken: for the gate that may still refuse the start. Read one sequence to its end before the next.
/// </summary>
public sealed class SnapshotReader
{
    readonly NpgsqlConnection connection;
    readonly EmbeddedCdcOptions options;

    internal SnapshotReader(NpgsqlConnection connection, EmbeddedCdcOptions options) => (this.connection, this.options) = (connection, options);

    /// <summary>
    /// All orders whose status is <c>COMPLETED</c>, in no order; without those whose rows cannot be read, which become dead letters. No row ends it by what it holds.
    /// </summary>
    public async IAsyncEnumerable<CompletedOrder> CompletedOrdersAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        var names = options.Orders;
        var at = TableName.Quote(names.CompletedAt);
        var needed = string.Concat(names.Present.Where(name => name != names.CompletedAt).Select(name => $" and {TableName.Quote(name)} is not null"));
        var category = await HasColumnAsync(options.Tables.Orders, names.CategoryName, stop).ConfigureAwait(false)
            ? TableName.Quote(names.CategoryName) + "::text"
            : "null::text";
        var sql = $"""
            select {TableName.Quote(names.OrderId)}::bigint, {TableName.Quote(names.MerchantId)}::bigint,
                   case when {at} between '{ReadableInstants.First}' and '{ReadableInstants.Last}' then (extract(epoch from {at}) * 1000000)::bigint end,
                   {TableName.Quote(names.BuyerCountry)}::text, {category}, {TableName.Quote(names.Currency)}::text
              from {options.Tables.Orders.Quoted} where {TableName.Quote(names.Status)}::text = 'COMPLETED'{needed}
            """;
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        while (await row.ReadAsync(stop).ConfigureAwait(false))
        {
            yield return new(
                new OrderId(row.GetInt64(0)), new MerchantId(row.GetInt64(1)), row.IsDBNull(2) ? null : new UtcInstant(row.GetInt64(2)),
                row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4), row.GetString(5));
        }
    }

    /// <summary>How many orders were completed before the instant.</summary>
    public async Task<long> CompletedBeforeAsync(UtcInstant since, CancellationToken stop = default)
    {
        var names = options.Orders;
        var sql = $"""
            select count(*) from {options.Tables.Orders.Quoted}
             where {TableName.Quote(names.Status)}::text = 'COMPLETED' and {TableName.Quote(names.CompletedAt)} < $1::text::timestamptz
            """;
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0, Parameters = { new() { Value = since.ToString() } } };
        return (long)(await command.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
    }

    /// <summary>All merchants, in no order; where the shop has no such column, the defaults of <c>contract/source.sql</c>.</summary>
    public async IAsyncEnumerable<SnapshotMerchant> MerchantsAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        var (table, names) = (options.Tables.Merchants, options.Merchants);
        var tier = await ColumnOrAsync(table, names.Tier, "'STANDARD'", stop).ConfigureAwait(false);
        var country = await ColumnOrAsync(table, names.Country, "''", stop).ConfigureAwait(false);
        var zone = await ColumnOrAsync(table, names.TimeZone, "'UTC'", stop).ConfigureAwait(false);
        var sql = $"select {TableName.Quote(names.MerchantId)}::bigint, {tier}, {country}, {zone} from {table.Quoted}";
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        while (await row.ReadAsync(stop).ConfigureAwait(false))
        {
            yield return new(new MerchantId(row.GetInt64(0)), row.GetString(1), row.GetString(2), row.GetString(3));
        }
    }

    async Task<string> ColumnOrAsync(TableName table, string column, string otherwise, CancellationToken stop) =>
        await HasColumnAsync(table, column, stop).ConfigureAwait(false) ? $"coalesce({TableName.Quote(column)}::text, {otherwise})" : otherwise;

    async Task<bool> HasColumnAsync(TableName table, string column, CancellationToken stop)
    {
        var columns = await Catalog.ColumnsAsync(connection, table, stop).ConfigureAwait(false);
        return columns.Any(found => found.Name == column);
    }
}
