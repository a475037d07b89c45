using JasperFx;
using Marten;
using Npgsql;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Append;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Marten;

/// <summary>What an auditor sees who opens the log with Marten itself.</summary>
public sealed class MartenReadingTests(PostgresFixture postgres)
{
    static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public void Aliases_and_types_are_those_that_Marten_itself_would_write()
    {
        using var store = Store(new() { ConnectionString = "Host=nowhere" });
        var known = ((IReadOnlyStoreOptions)store.Options).Events.AllKnownEventTypes().ToDictionary(type => type.EventType);

        Assert.All(EventKinds.All, kind => Assert.Equal(known[kind.ClrType()].EventTypeName, kind.Alias()));
        Assert.All(EventKinds.All, kind => Assert.Equal(known[kind.ClrType()].DotNetTypeName, EventRows.DotnetType(kind)));
    }

    [Fact]
    public async Task Rows_are_column_by_column_those_of_Martens_own_sessions()
    {
        var options = await Filled((42, Calculated()), (42, Due()));
        var own = await Filled();
        await using (var store = Store(own))
        {
            await using var session = store.LightweightSession();
            session.Events.Append("42", Calculated(), Due());
            await session.SaveChangesAsync();
        }

        const string events = "select string_agg((to_jsonb(e) - 'id' - 'timestamp')::text, E'\\n' order by seq_id) from settlement.mt_events e";
        const string streams = "select string_agg((to_jsonb(s) - 'timestamp' - 'created')::text, E'\\n') from settlement.mt_streams s";
        Assert.Equal(PostgresFixture.Scalar<string>(own, events), PostgresFixture.Scalar<string>(options, events));
        Assert.Equal(PostgresFixture.Scalar<string>(own, streams), PostgresFixture.Scalar<string>(options, streams));
    }

    [Fact]
    public async Task A_default_open_finds_no_difference_and_leaves_the_side_tables()
    {
        var options = await Filled((42, Scheduled()), (42, Due()));
        await using var store = Store(options, marten => marten.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate);

        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();

        Assert.Equal(2, PostgresFixture.Scalar<long>(options, "select next_offset from settlement.streamsettle_positions"));
        Assert.Equal(Log, PostgresFixture.Scalar<Guid>(options, "select log_identity from settlement.streamsettle_logs"));
    }

    [Fact]
    public async Task Streams_aggregates_and_Linq_are_read_by_Marten()
    {
        var options = await Filled((42, Scheduled()), (43, Scheduled()), (42, Due()), (42, Calculated()), (42, Confirmed("split")), (42, Confirmed("tax")));
        await using var store = Store(options);
        await using var session = store.QuerySession();

        var stream = await session.Events.FetchStreamAsync("42");
        Assert.Equal([1, 2, 3, 4, 5], stream.Select(one => one.Version));
        Assert.Equal(5, (await session.Events.FetchStreamStateAsync("42"))!.Version);
        Assert.Equal(EventIds.Derive(new(42), EventKind.SettlementDue, "due"), stream[1].Id);

        var order = await session.Events.AggregateStreamAsync<AuditedOrder>("42");
        Assert.Equal((12_000L, 2, 5L), (order!.Net, order.Confirmed, order.Version));

        var large = await session.Events.QueryRawEventDataOnly<SettlementCalculated>().Where(one => one.Net > 10_000).ToListAsync();
        Assert.Equal("EUR", Assert.Single(large).Currency);
        Assert.Equal(2, await session.Events.QueryAllRawEvents().Where(one => one.EventTypeName == "settlement_scheduled").CountAsync());
    }

    [Fact]
    public async Task Martens_async_projections_read_every_event()
    {
        var options = await Filled();
        await using var log = new MartenEventLog(options);
        await using var store = Store(options, marten =>
        {
            marten.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
            marten.Projections.Snapshot<AuditedOrder>(JasperFx.Events.Projections.SnapshotLifecycle.Async);
        });
        for (var batch = 0; batch < 5; batch++)
        {
            await log.AppendAsync(Batch(batch * 40, [.. Enumerable.Range(0, 40).Select(i => ((long)i, (SettlementEvent)Confirmed("split", batch)))]), Never);
        }

        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(TimeSpan.FromSeconds(30));

        await using var session = store.QuerySession();
        var orders = await session.Query<AuditedOrder>().ToListAsync();
        Assert.Equal(40, orders.Count);
        Assert.All(orders, order => Assert.Equal((5, 5L), (order.Confirmed, order.Version)));
    }

    [Fact]
    public async Task A_replay_draws_no_sequence_number()
    {
        var options = await Filled((42, Scheduled()), (42, Due()));
        await using var log = new MartenEventLog(options);
        await log.AppendAsync(Batch(0, (42, Scheduled()), (42, Due())), Never);
        await log.AppendAsync(Batch(2, (42, Due())), Never);

        Assert.Equal(2, PostgresFixture.Scalar<long>(options, "select last_value from settlement.mt_events_sequence"));
    }

    [Fact]
    public async Task An_auditor_needs_no_more_than_select()
    {
        var options = await Filled((42, Scheduled()));
        PostgresFixture.Execute(options, "create role auditor login password 'auditor'; grant usage on schema settlement to auditor; grant select on all tables in schema settlement to auditor");
        await using var store = Store(new() { ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Username = "auditor", Password = "auditor" }.ConnectionString });
        await using var session = store.QuerySession();

        Assert.Single(await session.Events.FetchStreamAsync("42"));
    }

    async Task<AuditOptions> Filled(params (long Order, SettlementEvent Happened)[] events)
    {
        var options = await postgres.NewDatabaseAsync();
        await using var log = new MartenEventLog(options);
        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(Log), Never);
        if (events.Length > 0)
        {
            await log.AppendAsync(Batch(0, events), Never);
        }

        return options;
    }

    static DocumentStore Store(AuditOptions options, Action<StoreOptions>? more = null) => DocumentStore.For(marten =>
    {
        marten.Connection(options.ConnectionString);
        SettlementEventStore.Configure(marten, options.Schema);
        more?.Invoke(marten);
    });
}
