using System.Text;
using Npgsql;
using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Sources;

namespace StreamSettle.Connectors.Embedded.Completing;

/// <summary>Reads single rows of the shop beside its changes, in the bytes that a change would tell. Changes nothing there. Of an outbox there are no rows.</summary>
public sealed class SourceRows : ISourceRows, IDisposable
{
    /// <summary>As the server shows these connections.</summary>
    const string Instance = "rows";

    readonly EmbeddedCdcOptions options;
    readonly KeptConnections connections;
    readonly CancellationTokenSource stopping = new();
    readonly CancellationToken stopped;
    readonly RowQuestions<OrderTexts> orders;
    readonly RowQuestions<MerchantTexts> merchants;

    public SourceRows(EmbeddedCdcOptions options, TimeProvider time)
    {
        this.options = options;
        stopped = stopping.Token;
        connections = new(new(options), Instance, time, stopped);
        orders = new(options.Tables.Orders.ToString(), OrderAsync, time);
        merchants = new(options.Tables.Merchants.ToString(), MerchantAsync, time);
    }

    /// <inheritdoc/>
    public OrderTexts? Order(OrderId id, ChangePosition position) => options.Outbox ? null : orders.Of(new(id.Value, position));

    /// <inheritdoc/>
    public MerchantTexts? Merchant(MerchantId id, ChangePosition position) => merchants.Of(new(id.Value, position));

    public void Dispose()
    {
        stopping.Cancel();
        connections.Dispose();
        stopping.Dispose();
    }

    async Task<OrderTexts?> OrderAsync(long id)
    {
        var names = options.Orders;
        var texts = await ReadAsync(
            options.Tables.Orders, names.OrderId, id, [names.BuyerCountry, names.CategoryName, names.Currency, names.Status, names.Invoice]).ConfigureAwait(false);
        return texts is null ? null : new(texts[0], texts[1], texts[2], texts[3] is { } label ? OrderStatusLabel.Parse(label) : (OrderStatus?)null, texts[4]);
    }

    async Task<MerchantTexts?> MerchantAsync(long id)
    {
        var names = options.Merchants;
        var texts = await ReadAsync(options.Tables.Merchants, names.MerchantId, id, [names.Tier, names.Country, names.TimeZone]).ConfigureAwait(false);
        return texts is null ? null : new(texts[0] ?? MerchantDraft.StandardTier.ToArray(), texts[1], texts[2] ?? MerchantDraft.StandardZone.ToArray());
    }

    /// <summary>The columns' texts in their order, null for those that are null or that the table has not; null where there is no such row.</summary>
    Task<byte[]?[]?> ReadAsync(TableName table, string key, long id, IReadOnlyList<string> columns) => connections.AskAsync(
        async connection =>
        {
            var there = (await Catalog.ColumnsAsync(connection, table, stopped).ConfigureAwait(false)).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
            var texts = string.Join(", ", columns.Select(column => there.Contains(column) ? $"{TableName.Quote(column)}::text" : "null::text"));
            await using var command = new NpgsqlCommand($"select {texts} from only {table.Quoted} where {TableName.Quote(key)} = $1", connection) { Parameters = { new() { Value = id } } };
            await using var row = await command.ExecuteReaderAsync(stopped).ConfigureAwait(false);
            if (!await row.ReadAsync(stopped).ConfigureAwait(false))
            {
                return null;
            }

            var found = new byte[]?[columns.Count];
            for (var i = 0; i < found.Length; i++)
            {
                found[i] = row.IsDBNull(i) ? null : Encoding.UTF8.GetBytes(row.GetString(i));
            }

            return found;
        });
}
