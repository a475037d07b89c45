using System.Text;
using Npgsql;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Sandbox.Auditing.World;

/// <summary>Reads the shop's tables and the event log with plain SQL.</summary>
internal static class AuditWorldLoader
{
    const string OrdersSql = """
        select order_id, merchant_id, buyer_country, category, currency, gross_amount::text, shipping_amount::text, refunded_amount::text, status::text, completed_at, updated_at
        from orders order by order_id
        """;

    public static async Task<IReadOnlyList<SourceOrder>> OrdersAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var orders = new List<SourceOrder>();
        await using var command = source.CreateCommand(OrdersSql);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            orders.Add(new()
            {
                Id = row.GetInt64(0),
                MerchantId = row.GetInt64(1),
                BuyerCountry = row.GetString(2),
                Category = row.IsDBNull(3) ? null : row.GetString(3),
                Currency = row.GetString(4),
                Gross = Amount(row.GetString(5)),
                Shipping = Amount(row.GetString(6)),
                Refunded = Amount(row.GetString(7)),
                Status = row.GetString(8),
                CompletedAt = row.IsDBNull(9) ? null : UtcInstant.From(row.GetDateTime(9)),
                UpdatedAt = UtcInstant.From(row.GetDateTime(10)),
            });
        }

        return orders;
    }

    public static async Task<IReadOnlyList<SourceMerchant>> MerchantsAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var merchants = new List<SourceMerchant>();
        await using var command = source.CreateCommand("select merchant_id, tier from merchants");
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            merchants.Add(new(row.GetInt64(0), row.GetString(1)));
        }

        return merchants;
    }

    /// <exception cref="UserMistakeException">There is no event log in that schema.</exception>
    public static async Task<IReadOnlyList<EventStream>> StreamsAsync(NpgsqlDataSource audit, string schema, CancellationToken cancellation)
    {
        var quoted = $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        try
        {
            // One snapshot of both tables, or a stream that grows meanwhile looks broken.
            await using var connection = await audit.OpenConnectionAsync(cancellation);
            await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
            var versions = await VersionsAsync(connection, quoted, cancellation);
            var events = await EventsAsync(connection, quoted, cancellation);
            return [.. versions.Keys.Union(events.Keys).Select(id => new EventStream(id, versions.GetValueOrDefault(id), events.GetValueOrDefault(id) ?? []))];
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new UserMistakeException($"there is no event log in schema '{schema}' (no mt_events); name the schema that the program writes to", missing);
        }
    }

    static async Task<Dictionary<string, long>> VersionsAsync(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        var versions = new Dictionary<string, long>();
        await using var command = new NpgsqlCommand($"select id, version from {schema}.mt_streams", connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            versions[row.GetString(0)] = row.IsDBNull(1) ? 0 : row.GetInt64(1);
        }

        return versions;
    }

    static async Task<Dictionary<string, List<LoggedEvent>>> EventsAsync(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        var events = new Dictionary<string, List<LoggedEvent>>();
        await using var command = new NpgsqlCommand($"select stream_id, version, type, data::text from {schema}.mt_events order by stream_id, version, seq_id", connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var id = row.GetString(0);
            if (!events.TryGetValue(id, out var stream))
            {
                events[id] = stream = [];
            }

            // A handful of kinds: one string each is enough.
            stream.Add(EventReader.Read(id, row.GetInt64(1), string.Intern(row.GetString(2)), row.GetString(3)));
        }

        return events;
    }

    static DecimalAmount Amount(string text) => DecimalAmount.TryParse(Encoding.ASCII.GetBytes(text), out var amount) ? amount : DecimalAmount.NotANumber;
}
