using System.Globalization;
using Npgsql;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>Writes one order at a time, whatever its table and columns are called and typed. What is written twice is written once.</summary>
sealed class TradeTable(NpgsqlDataSource database, ShopNames names)
{
    static readonly (string Column, string Type)[] Columns =
    [
        ("order_id", "bigint"), ("merchant_id", "bigint"), ("promoter_id", "bigint"), ("carrier_id", "bigint"), ("buyer_country", "text"), ("category", "text"), ("currency", "text"),
        ("shipping_amount", "numeric"), ("gross_amount", "numeric"), ("refunded_amount", "numeric"), ("status", "order_status"), ("completed_at", "timestamptz"),
    ];

    /// <exception cref="NpgsqlException">The database is away, or refuses for now.</exception>
    public Task WriteAsync(Sale sale, OrderVersion version) =>
        version.Status is null ? ExecuteAsync($"delete from {names.Orders} where {names["order_id"]} = {sale.Id}")
        : sale.History.Count == 0 ? InsertAsync(sale, version)
        : UpdateAsync(sale, version);

    async Task InsertAsync(Sale sale, OrderVersion version)
    {
        sale.Category = names["category"] is null ? null : sale.Category;
        string[] values =
        [
            $"{sale.Id}", $"{sale.MerchantId}", Number(sale.PromoterId), Number(sale.CarrierId), Text(sale.Country), Text(sale.Category), Text(sale.Currency),
            Number(sale.Shipping), Number(version.Gross), Number(version.Refunded), Text(version.Status), "null",
        ];
        var there = Columns.Zip(values).Where(column => names[column.First.Column] is not null).ToArray();
        try
        {
            await ExecuteAsync(
                $"insert into {names.Orders} ({string.Join(',', there.Select(column => names[column.First.Column]))}) values ({string.Join(',', there.Select(column => $"{column.Second}::{column.First.Type}"))})");
        }
        catch (PostgresException done) when (done.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // An earlier attempt was committed, and its answer was lost.
        }
    }

    Task UpdateAsync(Sale sale, OrderVersion version) => ExecuteAsync(
        $"update {names.Orders} set {names["gross_amount"]} = {Number(version.Gross)}::numeric, {names["refunded_amount"]} = {Number(version.Refunded)}::numeric, {names["status"]} = {Text(version.Status)}::order_status, "
        + $"{names["completed_at"]} = {Text(sale.CompletedAt?.ToString())}::timestamptz, updated_at = clock_timestamp() where {names["order_id"]} = {sale.Id}");

    async Task ExecuteAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    static string Number(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "null";

    static string Text(string? text) => text is null ? "null" : $"'{text}'";
}
