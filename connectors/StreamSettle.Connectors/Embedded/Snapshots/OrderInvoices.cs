using System.Text;
using Npgsql;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Connectors.Embedded.Snapshots;

/// <summary>The invoices of orders as the source has them now, in the bytes that a change of the row would tell: what no event holds.</summary>
public sealed class OrderInvoices(EmbeddedCdcOptions options)
{
    /// <summary>As the server shows these connections.</summary>
    const string Instance = "rebuild";

    readonly ServerConnections servers = new(options);

    /// <summary>Those that there are: an order without a row, and one without an invoice, is not among them.</summary>
    /// <exception cref="Kernel.Failures.UserMistakeException">The server refuses us.</exception>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">It cannot be reached.</exception>
    public Task<IReadOnlyDictionary<OrderId, byte[]>> ReadAsync(IReadOnlyCollection<OrderId> orders, CancellationToken stop) => servers.AskAsync(
        Instance, answersSoon: false, connection => ReadAsync(connection, orders, stop), stop);

    async Task<IReadOnlyDictionary<OrderId, byte[]>> ReadAsync(NpgsqlConnection connection, IReadOnlyCollection<OrderId> orders, CancellationToken stop)
    {
        var found = new Dictionary<OrderId, byte[]>();
        var (table, names) = (options.Tables.Orders, options.Orders);
        var columns = await Catalog.ColumnsAsync(connection, table, stop).ConfigureAwait(false);
        if (columns.All(column => column.Name != names.Invoice))
        {
            return found;
        }

        var (key, invoice) = (TableName.Quote(names.OrderId), TableName.Quote(names.Invoice));
        await using var command = new NpgsqlCommand($"select {key}::bigint, {invoice}::text from {table.Quoted} where {key} = any($1) and {invoice} is not null", connection)
        {
            CommandTimeout = 0, Parameters = { new() { Value = orders.Select(order => order.Value).ToArray() } },
        };
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        while (await row.ReadAsync(stop).ConfigureAwait(false))
        {
            found.Add(new(row.GetInt64(0)), Encoding.UTF8.GetBytes(row.GetString(1)));
        }

        return found;
    }
}
