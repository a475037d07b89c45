using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Streams.Embedded;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>The embedded capture, from a private PostgreSQL to the embedded log on disk: a snapshot, then a backlog of small transactions.</summary>
sealed class CdcJob : IBenchmarkJob
{
    /// <summary>Changes in a transaction of the backlog.</summary>
    const int TransactionRows = 100;

    const string Tables = """
        create table merchants (merchant_id bigint primary key, name text not null, tier text not null, country char(2) not null, time_zone text not null);
        create table promoters (promoter_id bigint primary key, parent_id bigint, name text not null);
        create table orders (order_id bigint primary key, merchant_id bigint not null, promoter_id bigint, carrier_id bigint, buyer_country char(2) not null,
          category varchar(40), currency char(3) not null, gross_amount numeric(20,4) not null, shipping_amount numeric(20,4) not null default 0,
          refunded_amount numeric(20,4) not null default 0, status text not null, export_refund boolean not null default false, completed_at timestamptz,
          invoice jsonb, note text, updated_at timestamptz not null default now());
        alter table orders replica identity full;
        """;

    const string Row = "i, i % 1000, 7, null, 'US', 'books', 'USD', 100 + i % 50, 5, 0, 'COMPLETED', false, '2026-11-01', null, null, now()";

    public string Name => "cdc";

    public string Run(IReadOnlyDictionary<string, string> options) => RunAsync(options.Count("changes", 1_000_000)).GetAwaiter().GetResult();

    static async Task<string> RunAsync(int changes)
    {
        await using var server = await PrivatePostgres.StartAsync(new() { Durable = false });
        var state = Directory.CreateTempSubdirectory("streamsettle-cdc-");
        try
        {
            var rows = Math.Max(1, changes / 2);
            await ExecuteAsync(server, Tables);
            await ExecuteAsync(server, $"insert into orders select {Row} from generate_series(1, {rows}) i");
            await using var log = EmbeddedLog.Open(new() { Directory = Path.Combine(state.FullName, "log") }, Guid.NewGuid, NullLogger.Instance);
            var snapshot = await UntilCaughtUpAsync(server, log, "snapshot", rows);
            await ExecuteAsync(
                server,
                $"do $$ begin for t in 0..{(changes - 1) / TransactionRows} loop insert into orders select {Row} from generate_series({rows} + t * {TransactionRows} + 1, {rows} + least((t + 1) * {TransactionRows}, {changes})) i; commit; end loop; end $$");
            var stream = await UntilCaughtUpAsync(server, log, "stream", (long)rows + changes);
            return string.Create(CultureInfo.InvariantCulture, $$"""{"job":"cdc","changes":{{changes}},"changes_per_s":{{changes / stream.TotalSeconds:F0}},"snapshot_rows":{{rows}},"snapshot_rows_per_s":{{rows / snapshot.TotalSeconds:F0}}}""");
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    /// <summary>Starts the source and measures until it has committed what there was, publication, slot and connections included.</summary>
    static async Task<TimeSpan> UntilCaughtUpAsync(PrivatePostgres server, EmbeddedLog log, string start, long expected)
    {
        using var stop = new CancellationTokenSource();
        var source = new EmbeddedCdcSource(new() { ConnectionString = server.ConnectionString }, log, log.ReadMetadata, start, TimeProvider.System);
        var started = Stopwatch.GetTimestamp();
        var running = source.RunAsync(stop.Token);
        await Task.WhenAny(running, source.CaughtUp);
        var took = Stopwatch.GetElapsedTime(started);
        var ends = await source.CaughtUp;
        await stop.CancelAsync();
        await running;
        var records = ends.Values.Sum();
        return records == expected ? took : throw new InvalidOperationException($"the log has {records} records after the {start}, expected {expected}");
    }

    static async Task ExecuteAsync(PrivatePostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false;Command Timeout=0");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
