using Npgsql;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Projections;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Projections;

/// <summary>Projections behind a log that is written by the service's own appends.</summary>
public sealed class ProjectorTests(PostgresFixture postgres)
{
    const string EndSessions = "select pg_terminate_backend(pid) from pg_stat_activity where application_name in ('streamsettle-sole', 'streamsettle-projections') and datname = current_database()";

    static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task Views_are_those_of_a_naive_count_whatever_is_cut_off_or_begun_anew_while_events_come()
    {
        var seed = Seeds.Next(nameof(ProjectorTests));
        var (events, random) = (RandomLog.Create(seed, 150), new Random(seed));
        await using var log = await ProjectedLog.CreateAsync(postgres);
        foreach (var name in ProjectionName.All)
        {
            log.Start(name);
            log.Start(name);
        }

        for (var (at, batch) = (0, 0); at < events.Count; batch++)
        {
            var page = events.GetRange(at, Math.Min(random.Next(20, 120), events.Count - at));
            await log.AppendAsync(page);
            at += page.Count;
            if (batch % 4 == 1)
            {
                // Of an append that is rolled back nothing stays but a gap.
                PostgresFixture.Execute(log.Options, "select nextval('settlement.mt_events_sequence') from generate_series(1, 3)");
            }

            if (batch % 5 == 2)
            {
                PostgresFixture.Execute(log.Options, EndSessions);
            }

            if (batch % 6 == 3)
            {
                await ResetAsync(log, ProjectionName.All[random.Next(2)]);
            }
        }

        await WaitForAllAsync(log);
        await log.AssertViewsAreThoseOfAsync(events);

        foreach (var name in ProjectionName.All)
        {
            await ResetAsync(log, name);
        }

        await WaitForAllAsync(log);
        await log.AssertViewsAreThoseOfAsync(events);
    }

    [Fact]
    public async Task One_of_two_instances_runs_it_and_the_other_takes_over()
    {
        await using var log = await ProjectedLog.CreateAsync(postgres);
        await log.AppendAsync((42, Scheduled()));
        var first = log.Start(ProjectionName.Orders);
        ProjectedLog.WaitFor(first, status => status.State == ProjectorStatus.Running);
        var second = log.Start(ProjectionName.Orders);
        ProjectedLog.WaitFor(second, status => status.State == ProjectorStatus.Elsewhere);

        await log.StopAsync(first);
        await log.AppendAsync((42, Due()));

        ProjectedLog.WaitFor(second, status => status is { State: ProjectorStatus.Running, Place.Position: 2 });
    }

    [Theory]
    [InlineData(ProjectionName.Orders)]
    [InlineData(ProjectionName.Reports)]
    public async Task Of_two_daemons_that_begin_at_once_each_page_is_counted_once(string projection)
    {
        await using var log = await ProjectedLog.CreateAsync(postgres);
        await using var source = NpgsqlDataSource.Create(log.Options.ConnectionString);
        var options = new ProjectionOptions { Audit = log.Options, Interval = ProjectionOptions.MinInterval };
        await using var first = new DaemonRun(source, options, (projection, 1));
        await using var second = new DaemonRun(source, options, (projection, 1));
        await log.AppendAsync((1, Calculated()), (1, Confirmed()));
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        await log.WaitForAllAsync(projection);
        await log.AppendAsync((1, Due()));

        Assert.True(SpinWait.SpinUntil(() => first.Stopped() is not null || second.Stopped() is not null, TimeSpan.FromSeconds(30)), "both go on");
        await log.WaitForAllAsync(projection);
        Assert.Equal(1, PostgresFixture.Scalar<long>(log.Options, projection == ProjectionName.Orders
            ? "select sum((data ->> 'Confirmed')::bigint)::bigint from settlement.mt_doc_order_view"
            : "select (data ->> 'SettledOrders')::bigint from settlement.mt_doc_merchant_day"));
    }

    [Theory]
    [InlineData(ProjectionName.Orders)]
    [InlineData(ProjectionName.Reports)]
    public async Task What_is_handed_over_again_is_counted_once(string projection)
    {
        await using var log = await ProjectedLog.CreateAsync(postgres);
        await log.AppendAsync((1, Calculated()), (1, Confirmed()));
        var first = log.Start(projection);
        await log.WaitForAllAsync(projection);
        await log.StopAsync(first);

        // As after a commit of which the answer was lost: Marten does not know of it.
        PostgresFixture.Execute(log.Options, $"update settlement.mt_event_progression set last_seq_id = 0 where name = '{projection}:All'");
        await log.AppendAsync((1, Due()));
        log.Start(projection);
        await log.WaitForAllAsync(projection);

        Assert.Equal((3, 3), (PostgresFixture.Scalar<long>(log.Options, "select max(seq_id) from settlement.mt_events"), PostgresFixture.Scalar<long>(log.Options, $"select position from settlement.streamsettle_projections where name = '{projection}'")));
        Assert.Equal((1, 1), (CountOf(log, projection, "SettledOrders"), CountOf(log, projection, "Confirmed")));
    }

    static long CountOf(ProjectedLog log, string projection, string what) => (projection, what) switch
    {
        (ProjectionName.Orders, "Confirmed") => PostgresFixture.Scalar<long>(log.Options, "select sum((data ->> 'Confirmed')::bigint)::bigint from settlement.mt_doc_order_view"),
        (ProjectionName.Orders, _) => PostgresFixture.Scalar<long>(log.Options, "select count(*) from settlement.mt_doc_order_view"),
        (_, "Confirmed") => PostgresFixture.Scalar<long>(log.Options, "select sum((data ->> 'Confirmed')::bigint)::bigint from settlement.mt_doc_downstream_day"),
        _ => PostgresFixture.Scalar<long>(log.Options, "select sum((data ->> 'SettledOrders')::bigint)::bigint from settlement.mt_doc_merchant_day"),
    };

    [Theory]
    [InlineData(ProjectionName.Orders)]
    [InlineData(ProjectionName.Reports)]
    public async Task What_a_daemon_writes_that_knows_nothing_of_a_rebuild_is_refused_wherever_the_new_one_stands(string projection)
    {
        await using var log = await ProjectedLog.CreateAsync(postgres);
        await log.AppendAsync((1, Calculated()));
        await using var source = NpgsqlDataSource.Create(log.Options.ConnectionString);
        var options = new ProjectionOptions { Audit = log.Options, Interval = ProjectionOptions.MinInterval };
        await using var stale = new DaemonRun(source, options, (projection, 1));
        await stale.StartAsync();
        await log.WaitForAllAsync(projection);

        // The new one comes to where the old one stands, by its position they could not be told from each other.
        await ResetAsync(log, projection);
        var fresh = log.Start(projection);
        await log.WaitForAllAsync(projection);
        await log.StopAsync(fresh);
        await log.AppendAsync((2, Calculated()));

        Assert.True(SpinWait.SpinUntil(() => stale.Stopped() is not null, TimeSpan.FromSeconds(30)), "the old daemon goes on");
        log.Start(projection);
        await log.WaitForAllAsync(projection);
        Assert.Equal(2, PostgresFixture.Scalar<long>(log.Options, projection == ProjectionName.Orders
            ? "select count(*) from settlement.mt_doc_order_view"
            : "select (data ->> 'SettledOrders')::bigint from settlement.mt_doc_merchant_day"));
    }

    [Fact]
    public async Task It_begins_on_a_log_that_has_no_event_yet()
    {
        await using var log = await ProjectedLog.CreateAsync(postgres);
        var projector = log.Start(ProjectionName.Orders);
        ProjectedLog.WaitFor(projector, status => status.State == ProjectorStatus.Running);
        PostgresFixture.Execute(log.Options, "select nextval('settlement.mt_events_sequence') from generate_series(1, 3)");
        await log.AppendAsync((1, Scheduled()));

        await log.WaitForAllAsync(ProjectionName.Orders);
        Assert.Equal(1, PostgresFixture.Scalar<long>(log.Options, "select count(*) from settlement.mt_doc_order_view"));
    }

    [Fact]
    public async Task A_gap_that_an_open_append_may_still_fill_is_waited_out_and_one_that_was_rolled_back_is_not()
    {
        await using var log = await ProjectedLog.CreateAsync(postgres);
        var projector = log.Start(ProjectionName.Orders);
        await log.AppendAsync((1, Scheduled()));
        await using (var slow = new NpgsqlConnection(log.Options.ConnectionString))
        {
            await slow.OpenAsync(Never);
            await using var transaction = await slow.BeginTransactionAsync(Never);
            await ExecuteAsync(slow, "select pg_current_xact_id(), nextval('settlement.mt_events_sequence')");
            await log.AppendAsync((3, Scheduled()));
            WaitForGapToBeJudged(log, 1);
            Assert.Equal(1, projector.Status.Place!.Position);

            await ExecuteAsync(slow, "insert into settlement.mt_streams (id, version) values ('2', 1)");
            await ExecuteAsync(slow, "insert into settlement.mt_events select 2, gen_random_uuid(), '2', version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, is_archived from settlement.mt_events where seq_id = 1");
            await transaction.CommitAsync(Never);
        }

        await log.WaitForAllAsync(projector.Name);
        await using (var rolledBack = new NpgsqlConnection(log.Options.ConnectionString))
        {
            await rolledBack.OpenAsync(Never);
            await using var transaction = await rolledBack.BeginTransactionAsync(Never);
            await ExecuteAsync(rolledBack, "select nextval('settlement.mt_events_sequence')");
            await log.AppendAsync((4, Scheduled()));
            await transaction.RollbackAsync(Never);
        }

        await log.WaitForAllAsync(projector.Name);
        Assert.Equal("{1,2,3,4}", PostgresFixture.Scalar<string>(log.Options, "select array_agg(id order by id)::text from settlement.mt_doc_order_view"));
    }

    [Theory]
    [InlineData(ProjectionName.Orders)]
    [InlineData(ProjectionName.Reports)]
    public async Task An_event_of_an_unknown_type_stops_it_and_is_named_until_somebody_says_to_skip_it(string projection)
    {
        await using var log = await ProjectedLog.CreateAsync(postgres);
        await log.AppendAsync((42, Scheduled()));
        Insert(log, 2, "settlement_split_again", "StreamSettle.Audit.Events.SettlementSplitAgain, StreamSettle.Audit", "{\"Cause\": \"x\"}");
        PostgresFixture.Execute(log.Options, "select nextval('settlement.mt_events_sequence')");
        await log.AppendAsync((42, Calculated()));
        var strict = log.Start(projection);
        ProjectedLog.WaitFor(strict, status => status.State == ProjectorStatus.Failing);
        Assert.StartsWith("event 2, order 42, version 2, is a 'settlement_split_again'", strict.Status.Reason, StringComparison.Ordinal);
        await log.StopAsync(strict);
        Assert.Equal(0, PostgresFixture.Scalar<long>(log.Options, "select (select count(*) from settlement.mt_doc_order_view) + (select count(*) from settlement.mt_doc_merchant_day)"));

        var open = log.Start(projection, options => options with { SkipUnknown = true });
        await log.WaitForAllAsync(projection);
        ProjectedLog.WaitFor(open, status => status.Skipped is ["settlement_split_again"]);
    }

    [Fact]
    public async Task An_event_of_a_known_type_in_another_shape_stops_it_and_is_named()
    {
        await using var log = await ProjectedLog.CreateAsync(postgres);
        await log.AppendAsync((42, Scheduled()));
        Insert(log, 2, "settlement_due", "StreamSettle.Audit.Events.SettlementDue, StreamSettle.Audit", "{\"Cause\": \"x\", \"Mark\": 17}");
        var projector = log.Start(ProjectionName.Orders, options => options with { SkipUnknown = true });

        ProjectedLog.WaitFor(projector, status => status.State == ProjectorStatus.Failing);
        Assert.Contains("event 2", projector.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_counted_is_named_with_its_place()
    {
        await using var log = await ProjectedLog.CreateAsync(postgres);
        await log.AppendAsync((7, Scheduled()), (42, new ReversalCalculated("r", RecordedAt, 1, [])));
        var projector = log.Start(ProjectionName.Reports);

        ProjectedLog.WaitFor(projector, status => status.State == ProjectorStatus.Failing);
        Assert.StartsWith("event 2, order 42, version 1, reversal_calculated: order 42 has a reversal", projector.Status.Reason, StringComparison.Ordinal);
        Assert.True(projector.Status.Place!.OldestLeft is not null && projector.Status.FailingSince is not null);
    }

    static void Insert(ProjectedLog log, int sequence, string type, string dotnetType, string body) => PostgresFixture.Execute(
        log.Options,
        $"insert into settlement.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, is_archived) values ({sequence}, gen_random_uuid(), '42', {sequence}, '{body}', '{type}', now(), '{dotnetType}', false); "
        + $"update settlement.mt_streams set version = {sequence} where id = '42'");

    /// <summary>Marten notes since when it is stuck; what it does then was decided when that is older than its patience, twice over.</summary>
    static void WaitForGapToBeJudged(ProjectedLog log, long mark) => Assert.True(
        SpinWait.SpinUntil(
            () => PostgresFixture.Scalar<bool>(
                log.Options,
                $"select exists (select from settlement.mt_event_progression where name = 'HighWaterStuckGap' and last_seq_id = {mark} and last_updated < now() - interval '1 second')"),
            TimeSpan.FromSeconds(30)),
        "the gap was not met");

    static async Task WaitForAllAsync(ProjectedLog log)
    {
        foreach (var name in ProjectionName.All)
        {
            await log.WaitForAllAsync(name);
        }
    }

    static async Task ResetAsync(ProjectedLog log, string projection)
    {
        await using var connection = new NpgsqlConnection(log.Options.ConnectionString);
        await connection.OpenAsync(Never);
        await ProjectionReset.RunAsync(connection, new Tables(log.Options.Schema), projection, Never);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Never);
    }
}
