using System.Globalization;
using Npgsql;

namespace StreamSettle.Connectors.Embedded.Scanning;

/// <summary>Divides the orders' table by key into shards of about the same number of rows.</summary>
internal static class ShardBounds
{
    /// <summary>As in the system that this one replaces.</summary>
    public const int Shards = 256;

    /// <summary>Rows a shard that the sample should have at least: enough for even shares.</summary>
    const int SampledRows = 100;

    public static async Task<IReadOnlyList<ScanShard>> TakeAsync(NpgsqlConnection connection, EmbeddedCdcOptions options, CancellationToken stop)
    {
        var table = options.Tables.Orders.Quoted;
        await using var size = new NpgsqlCommand($"select greatest(reltuples, 0)::float8 from pg_class where oid = '{table.Replace("'", "''", StringComparison.Ordinal)}'::regclass", connection);
        var rows = (double)(await size.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
        var percent = rows <= Shards * SampledRows ? 100 : Math.Max(0.01, 100.0 * Shards * SampledRows / rows);
        var key = TableName.Quote(options.Orders.OrderId);
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"select percentile_disc(array(select i / {Shards}.0 from generate_series(1, {Shards - 1}) i)) within group (order by {key}::bigint) from {table} tablesample system ({percent:0.####})");
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        var bounds = await command.ExecuteScalarAsync(stop).ConfigureAwait(false) is long[] found ? found.Distinct().Order().ToArray() : [];
        return [.. Enumerable.Range(0, bounds.Length + 1).Select(at => new ScanShard(at == 0 ? null : bounds[at - 1], at == bounds.Length ? null : bounds[at]))];
    }
}
