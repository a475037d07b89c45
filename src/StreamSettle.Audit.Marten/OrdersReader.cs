using System.Globalization;
using Npgsql;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Marten;

/// <summary>Reads the whole log, order by order: the server goes along the index of streams and versions, nothing is kept here.</summary>
/// <param name="keys">What opens personal data.</param>
internal sealed class OrdersReader(Tables tables, FieldOpening keys)
{
    readonly string events = $"select stream_id, type, data::text from {tables.Events} order by stream_id, version";

    public async Task<long> ReadAsync(NpgsqlConnection connection, Func<OrderId, IReadOnlyList<SettlementEvent>, Task> take, CancellationToken stop)
    {
        var open = await keys.ForAllAsync(connection, stop);
        // However long it takes: it is a log of years.
        await using var command = new NpgsqlCommand(events, connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(stop);
        var (stream, order, orders) = ("", default(OrderId), 0L);
        List<SettlementEvent> happened = [];
        while (await rows.ReadAsync(stop))
        {
            var next = rows.GetString(0);
            if (next != stream)
            {
                if (happened.Count > 0)
                {
                    await take(order, happened);
                }

                (stream, order, happened, orders) = (next, OrderOf(next), [], orders + 1);
            }

            happened.Add(Read(order, rows.GetString(1), rows.GetString(2), open));
        }

        if (happened.Count > 0)
        {
            await take(order, happened);
        }

        return orders;
    }

    OrderId OrderOf(string stream) => long.TryParse(stream, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
        ? new(id)
        : throw new UserMistakeException($"The event log in schema '{tables.Schema}' has a stream '{stream}', which is no order: something else writes there. Choose another Audit:Schema for that.");

    static SettlementEvent Read(OrderId order, string type, string json, Func<OrderId, EventKind, string, string> open) => EventKinds.TryFromAlias(type, out var kind)
        ? EventJson.Read(kind, open(order, kind, json))
        : throw new UserMistakeException($"Order {order} has an event '{type}' in the event log, which this release does not know: what follows from it cannot be guessed. Run the release that wrote it, or a later one.");
}
