using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Scanning;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Streams.Embedded;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>A scan of a shop's orders, from a private PostgreSQL to the embedded log on disk: pages of rows with their cursor, each one synced commit.</summary>
sealed class ScanJob : IBenchmarkJob
{
    const string Tables = """
        create table merchants (merchant_id bigint primary key, name text not null, tier text not null, country char(2) not null, time_zone text not null);
        create table promoters (promoter_id bigint primary key, parent_id bigint, name text not null);
        create table orders (order_id bigint primary key, merchant_id bigint not null, promoter_id bigint, carrier_id bigint, buyer_country char(2) not null,
          category varchar(40), currency char(3) not null, gross_amount numeric(20,4) not null, shipping_amount numeric(20,4) not null default 0,
          refunded_amount numeric(20,4) not null default 0, status text not null, export_refund boolean not null default false, completed_at timestamptz,
          invoice jsonb, note text, updated_at timestamptz not null default now());
        alter table orders replica identity full;
        """;

    /// <summary>Connections, plans and code are warm after a scan of some of the orders.</summary>
    static readonly UtcInstant WarmTo = UtcInstant.Parse("2026-11-03T00:00:00Z");

    public string Name => "scan";

    public string Run(IReadOnlyDictionary<string, string> options) => RunAsync(options.Count("orders", 1_000_000)).GetAwaiter().GetResult();

    static async Task<string> RunAsync(int orders)
    {
        await using var server = await PrivatePostgres.StartAsync(new());
        var state = Directory.CreateTempSubdirectory("streamsettle-scan-");
        try
        {
            await ExecuteAsync(server, Tables);
            await ExecuteAsync(
                server,
                $"insert into orders select i, i % 1000, 7, null, 'US', 'books', 'USD', 100 + i % 50, 5, 0, 'COMPLETED', false, timestamptz '2026-11-01' + (i::bigint * 7919 % {orders}) * interval '1 s', null, null, now() from generate_series(1, {orders}) i");
            await ExecuteAsync(server, "vacuum analyze orders");
            await using var log = EmbeddedLog.Open(new() { Directory = Path.Combine(state.FullName, "log") }, Guid.NewGuid, NullLogger.Instance);
            return await ScanAsync(new() { ConnectionString = server.ConnectionString }, log, orders);
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    static async Task<string> ScanAsync(EmbeddedCdcOptions options, EmbeddedLog log, int orders)
    {
        log.EnsureTopics(EmbeddedCdcSource.Topics(options));
        List<TimeSpan> pages = [];
        using var scan = new SourceScan(options, log, TimeProvider.System) { PageTook = pages.Add };
        await scan.BeginAsync(new("warm", "bench", null, WarmTo), CancellationToken.None);
        await scan.RunAsync(CancellationToken.None);
        var warm = scan.State!.Rows;
        pages.Clear();
        await scan.BeginAsync(new("bench", "bench", null, null), CancellationToken.None);
        var started = Stopwatch.GetTimestamp();
        await scan.RunAsync(CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(started);
        var records = Enumerable.Range(0, options.Partitions).Sum(partition => log.EndOffset(new("shop.public.orders", partition)));
        if (records != orders + warm || scan.State!.Rows != orders)
        {
            throw new InvalidOperationException($"the log has {records} records after a scan of {scan.State!.Rows} rows, expected {orders} and {warm} before");
        }

        // The middle one of the first and of the last tenth: one page alone is a matter of chance, and the first of all opens connections.
        var share = Math.Max(1, pages.Count / 10);
        List<TimeSpan> tenths = [.. pages.Chunk(share).Select(Middle)];
        var (first, last) = (tenths[0], Middle(pages.TakeLast(share)));
        var each = string.Join(',', tenths.Select(tenth => tenth.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"job":"scan","orders":{{orders}},"orders_per_s":{{orders / took.TotalSeconds:F0}},"first_page_ms":{{first.TotalMilliseconds:F1}},"last_page_ms":{{last.TotalMilliseconds:F1}},"pages":{{pages.Count}},"page_ms_by_tenth":[{{each}}]}""");
    }

    static TimeSpan Middle(IEnumerable<TimeSpan> pages)
    {
        List<TimeSpan> sorted = [.. pages.Order()];
        return sorted[sorted.Count / 2];
    }

    static async Task ExecuteAsync(PrivatePostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false;Command Timeout=0");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
