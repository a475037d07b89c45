using System.Globalization;
using Npgsql;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten;

/// <summary>Reads what was calculated for the orders of a period, one after the other: the server sorts, nothing is kept here.</summary>
internal sealed class CalculationReader(Tables tables)
{
    readonly string calculations = $"""
        select stream_id, data::text from {tables.Events}
         where type = '{EventKind.SettlementCalculated.Alias()}' and (data ->> 'CompletedAt')::timestamptz >= $1 and (data ->> 'CompletedAt')::timestamptz < $2
         order by (data ->> 'MerchantId')::bigint, data ->> 'Currency', seq_id
        """;

    public async Task<long> ReadAsync(NpgsqlConnection connection, (UtcInstant From, UtcInstant To) period, Action<OrderId, SettlementCalculated> take, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(calculations, connection)
        {
            // However long the server sorts: a what-if of a year is asked for at night.
            CommandTimeout = 0,
            Parameters = { new() { Value = period.From.ToDateTimeOffset() }, new() { Value = period.To.ToDateTimeOffset() } },
        };
        await using var rows = await command.ExecuteReaderAsync(stop);
        var count = 0L;
        for (; await rows.ReadAsync(stop); count++)
        {
            take(new(long.Parse(rows.GetString(0), CultureInfo.InvariantCulture)), (SettlementCalculated)EventJson.Read(EventKind.SettlementCalculated, rows.GetString(1)));
        }

        return count;
    }
}
