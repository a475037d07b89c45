using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Kernel.Ids;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Marten;

public sealed class RememberedStreamTests(PostgresFixture postgres) : IAsyncDisposable
{
    static readonly CancellationToken Never = CancellationToken.None;

    readonly List<MartenEventLog> opened = [];

    [Fact]
    public async Task What_another_writer_added_since_is_kept_and_followed()
    {
        var options = await postgres.NewDatabaseAsync();
        var (first, second) = (await OpenedAsync(options), await OpenedAsync(options));
        await first.AppendAsync(Batch(0, (1, Due("a")), (2, Due("a"))), Never);

        // What the first one remembers of the orders 1 and 2 does not hold any more.
        await second.AppendAsync(Batch(2, (1, Due("b")), (2, Due("b")), (3, Due("b"))), Never);
        var result = await first.AppendAsync(Batch(5, (1, Due("c")), (3, Due("c")), (2, Due("b")), (1, Due("a"))), Never);

        Assert.Equal((2, 2), (result.Appended, result.Replayed));
        Assert.Equal(["1 a", "2 b", "3 c"], await StreamAsync(first, 1));
        Assert.Equal(["1 a", "2 b"], await StreamAsync(first, 2));
        Assert.Equal(["1 b", "2 c"], await StreamAsync(first, 3));
        Assert.Equal(new EventLogCounts(7, 3), await first.CountsAsync(Never));
        Assert.Equal(Enumerable.Range(1, 7).Select(number => (long)number), await SequenceAsync(options));
    }

    [Fact]
    public async Task A_completed_order_goes_on_where_it_ended()
    {
        var log = await OpenedAsync(await postgres.NewDatabaseAsync());
        await log.AppendAsync(Batch(0, (1, Due("a")), (1, new SettlementCompleted("done", RecordedAt, []))), Never);

        var result = await log.AppendAsync(Batch(2, (1, Due("a")), (1, new ReversalRequested("refund", RecordedAt, 1, 500, RecordedAt))), Never);

        Assert.Equal((1, 1), (result.Appended, result.Replayed));
        Assert.Equal(["1 a", "2 done", "3 refund"], await StreamAsync(log, 1));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in opened)
        {
            await log.DisposeAsync();
        }
    }

    async Task<MartenEventLog> OpenedAsync(AuditOptions options)
    {
        var log = new MartenEventLog(options);
        opened.Add(log);
        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(Log), Never);
        return log;
    }

    static async Task<string[]> StreamAsync(MartenEventLog log, long order) => [.. (await log.ReadStreamAsync(new OrderId(order), Never)).Select(one => $"{one.Version} {one.Cause}")];

    /// <summary>All numbers in the log, in their order.</summary>
    static async Task<long[]> SequenceAsync(AuditOptions options)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(options.ConnectionString);
        await using var command = database.CreateCommand($"select array_agg(seq_id order by seq_id) from {options.Schema}.mt_events");
        return (long[])(await command.ExecuteScalarAsync(Never))!;
    }
}
