using System.Text;
using Npgsql;
using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Comparing;

/// <summary>
/// Reads the shop's orders beside the stream of changes, for whoever compares: a page at a time by the primary key, each on a connection and in a snapshot of its own, so that
/// nothing is held up in the shop however long it takes. Changes nothing.
/// </summary>
public sealed class OrderRows(EmbeddedCdcOptions options)
{
    /// <summary>As the server shows these connections.</summary>
    const string Instance = "reconcile";

    readonly ServerConnections servers = new(options);

    /// <summary>The next orders of a period by id, whatever their status; fewer than <paramref name="most"/> only at the end.</summary>
    /// <param name="after">The last id that was read; null for the first page.</param>
    /// <param name="period">Of <c>completed_at</c>; its end is not in it.</param>
    /// <param name="shard">Only ids of this shard of so many.</param>
    /// <exception cref="Kernel.Failures.UserMistakeException">The server refuses us.</exception>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">It cannot be reached.</exception>
    public Task<IReadOnlyList<OrderRow>> PageAsync(OrderId? after, (UtcInstant From, UtcInstant To) period, (int Index, int Count) shard, int most, CancellationToken stop)
    {
        var (id, at) = (TableName.Quote(options.Orders.OrderId), TableName.Quote(options.Orders.CompletedAt));
        // The remainder has the dividend's sign.
        var rest = $"""
             where ($1::bigint is null or {id} > $1) and {at} >= $2::text::timestamptz and {at} < $3::text::timestamptz
               and ({id}::bigint % $4 + $4) % $4 = $5
             order by {id} limit $6
            """;
        return ReadAsync(rest, [after is { } last ? last.Value : DBNull.Value, period.From.ToString(), period.To.ToString(), (long)shard.Count, (long)shard.Index, (long)most], stop);
    }

    /// <summary>Those of the ids that there are, in no order.</summary>
    /// <inheritdoc cref="PageAsync"/>
    public Task<IReadOnlyList<OrderRow>> ByIdAsync(IReadOnlyCollection<OrderId> ids, CancellationToken stop) =>
        ReadAsync($" where {TableName.Quote(options.Orders.OrderId)} = any($1)", [ids.Select(id => id.Value).ToArray()], stop);

    Task<IReadOnlyList<OrderRow>> ReadAsync(string rest, object[] parameters, CancellationToken stop) => servers.AskAsync<IReadOnlyList<OrderRow>>(
        Instance, answersSoon: false,
        async connection =>
        {
            var select = await SelectAsync(connection, stop).ConfigureAwait(false);
            // However long a page of a large table takes: the caller can stop it.
            await using var command = new NpgsqlCommand(select + rest, connection) { CommandTimeout = 0 };
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(parameter is DBNull ? new() { Value = parameter, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint } : new() { Value = parameter });
            }

            await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
            List<OrderRow> rows = [];
            while (await row.ReadAsync(stop).ConfigureAwait(false))
            {
                rows.Add(Row(row));
            }

            return rows;
        },
        stop);

    async Task<string> SelectAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var names = options.Orders;
        var there = (await Catalog.ColumnsAsync(connection, options.Tables.Orders, stop).ConfigureAwait(false)).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var at = TableName.Quote(names.CompletedAt);
        return $"""
            select {TableName.Quote(names.OrderId)}::bigint, {Of(names.MerchantId, "bigint")}, {Of(names.PromoterId, "bigint")}, {Of(names.CarrierId, "bigint")},
                   {Of(names.BuyerCountry, "text")}, {Of(names.CategoryName, "text")}, {Of(names.Currency, "text")}, {Of(names.GrossAmount, "text")},
                   {Of(names.ShippingAmount, "text")}, {Of(names.RefundedAmount, "text")}, {Of(names.Status, "text")}, {Of(names.ExportRefund, "boolean")},
                   case when {at} between '{ReadableInstants.First}' and '{ReadableInstants.Last}' then (extract(epoch from {at}) * 1000000)::bigint end
              from only {options.Tables.Orders.Quoted}
            """;

        // What is needed and not there is the server's to refuse, by its name.
        string Of(string column, string type) => there.Contains(column) || names.Present.Contains(column) ? $"{TableName.Quote(column)}::{type}" : $"null::{type}";
    }

    static OrderRow Row(NpgsqlDataReader row) => new()
    {
        Id = new(row.GetInt64(0)),
        Merchant = Whole(row, 1),
        Promoter = Whole(row, 2),
        Carrier = Whole(row, 3),
        BuyerCountry = Text(row, 4),
        Category = Text(row, 5),
        Currency = Text(row, 6),
        Gross = Amount(row, 7),
        Shipping = Amount(row, 8),
        Refunded = Amount(row, 9),
        Status = Text(row, 10),
        ExportRefund = !row.IsDBNull(11) && row.GetBoolean(11),
        CompletedAt = Whole(row, 12) is { } microseconds ? new UtcInstant(microseconds) : null,
    };

    static long? Whole(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    static DecimalAmount Amount(NpgsqlDataReader row, int column) =>
        Text(row, column) is { } text && DecimalAmount.TryParse(Encoding.ASCII.GetBytes(text), out var amount) ? amount : DecimalAmount.NotANumber;
}
