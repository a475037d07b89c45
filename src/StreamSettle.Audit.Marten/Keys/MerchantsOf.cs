using Npgsql;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>Whose each event with personal fields is: as it says itself, or as the last event of its order before it said, in the batch or in the log.</summary>
internal sealed class MerchantsOf(Tables tables)
{
    static readonly EventKind[] Telling = [EventKind.SettlementScheduled, EventKind.SettlementRescheduled, EventKind.SettlementCalculated];
    static readonly string[] TellingTypes = [.. Telling.Select(kind => kind.Alias())];

    // By stream along the index, whatever statistics say.
    readonly string told = $"""
        select stream.id, last.merchant from unnest($1::text[]) as stream (id)
         cross join lateral (
               select e.data ->> 'MerchantId' from {tables.Events} e where e.stream_id = stream.id and e.type = any($2) order by e.version desc limit 1) as last (merchant)
        """;

    /// <returns>By the place of the record in the batch; empty where no event has a personal field.</returns>
    public async Task<Dictionary<int, string>> ReadAsync(NpgsqlConnection connection, EventBatch batch, CancellationToken stop)
    {
        var (found, silent) = ThemselvesOf(batch);
        if (silent.Count > 0)
        {
            var told = await ToldAsync(connection, silent, stop);
            Follow(batch, silent, told, found);
        }

        return found;
    }

    static (Dictionary<int, string> Found, HashSet<OrderId> Silent) ThemselvesOf(EventBatch batch)
    {
        var (found, silent) = (new Dictionary<int, string>(), new HashSet<OrderId>());
        foreach (var entry in batch.Entries)
        {
            if (PersonalFields.Of(entry.Kind).IsEmpty)
            {
                continue;
            }

            var body = EventBody.Read(entry.Kind, batch.Json(entry).Span);
            if (!body.Present.IsEmpty)
            {
                found.Add(entry.RecordStart, body.Merchant is { } merchant ? new MerchantId(merchant).ToString() : DataKeyName.NoMerchant);
                _ = body.Merchant is null && silent.Add(entry.Order);
            }
        }

        return (found, silent);
    }

    static void Follow(EventBatch batch, HashSet<OrderId> silent, Dictionary<OrderId, string> told, Dictionary<int, string> found)
    {
        foreach (var entry in batch.Entries)
        {
            if (!silent.Contains(entry.Order))
            {
                continue;
            }

            if (Telling.Contains(entry.Kind) && EventBody.Read(entry.Kind, batch.Json(entry).Span).Merchant is { } merchant)
            {
                told[entry.Order] = new MerchantId(merchant).ToString();
            }
            else if (found.ContainsKey(entry.RecordStart) && told.TryGetValue(entry.Order, out var known))
            {
                found[entry.RecordStart] = known;
            }
        }
    }

    async Task<Dictionary<OrderId, string>> ToldAsync(NpgsqlConnection connection, HashSet<OrderId> orders, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(told, connection)
        {
            Parameters = { new() { Value = orders.Select(order => order.ToString()).ToArray() }, new() { Value = TellingTypes } },
        };
        await using var rows = await command.ExecuteReaderAsync(stop);
        var byStream = orders.ToDictionary(order => order.ToString(), StringComparer.Ordinal);
        var found = new Dictionary<OrderId, string>();
        while (await rows.ReadAsync(stop))
        {
            if (!await rows.IsDBNullAsync(1, stop))
            {
                found[byStream[rows.GetString(0)]] = rows.GetString(1);
            }
        }

        return found;
    }
}
