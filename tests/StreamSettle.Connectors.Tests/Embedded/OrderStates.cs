using System.Globalization;
using System.Text;
using Npgsql;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>The last states of orders, to compare the log with the table that it follows.</summary>
internal static class OrderStates
{
    public static async Task<IReadOnlyList<string>> InTableAsync(SourceDatabase shop)
    {
        var rows = new List<string>();
        await using var connection = await shop.OpenAsync();
        await using var command = new NpgsqlCommand("select order_id::text || ' ' || gross_amount::text || ' ' || refunded_amount::text || ' ' || initcap(status::text) from orders", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>What a reader knows that ignores, per key, what is not newer than what it has, and forgets what was swept.</summary>
    public static IReadOnlyList<string> InLog(Capture capture)
    {
        var serde = new OrderChangeSerde();
        var states = new Dictionary<string, (int Partition, ChangePosition Position, string? State)>();
        var partition = -1;
        var swept = ChangePosition.None;
        foreach (var record in capture.Records("orders").Where(record => record.Value is not null))
        {
            swept = record.Partition == partition ? swept : ChangePosition.None;
            partition = record.Partition;
            var change = serde.Read(Encoding.UTF8.GetBytes(record.Value!));
            if (change.Op == ChangeOp.Sweep)
            {
                swept = swept.LiesBelow(change.Position) ? change.Position : swept;
                foreach (var key in states.Where(state => state.Value.Partition == partition && state.Value.Position.LiesBelow(swept)).Select(state => state.Key).ToList())
                {
                    states.Remove(key);
                }

                continue;
            }

            if (change.Position.LiesBelow(swept))
            {
                continue;
            }

            if (!states.TryGetValue(record.Key!, out var known) || change.Position.IsAfter(known.Position))
            {
                states[record.Key!] = (partition, change.Position, change.Op == ChangeOp.Upsert
                    ? string.Create(CultureInfo.InvariantCulture, $"{change.Id} {change.Row.Gross} {change.Row.Refunded} {change.Row.Status}")
                    : null);
            }
        }

        return [.. states.Values.Select(state => state.State).OfType<string>().Order(StringComparer.Ordinal)];
    }
}
