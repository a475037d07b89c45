using JasperFx;
using Marten;
using Npgsql;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Projections;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Kernel.Failures;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Marten;

/// <summary>What the service's role, an auditor's and the owner may do with the event log, tried on a server.</summary>
public sealed class AuditGrantsTests(PostgresFixture postgres)
{
    const string Insert = "insert into settlement.mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (1000, gen_random_uuid(), '42', 9, '{}', 'settlement_due', now())";

    static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task The_service_keeps_working_as_a_writer_that_can_only_append()
    {
        var roles = await AuditRoles.NewAsync(postgres);
        await using var log = new MartenEventLog(roles.Writer);

        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(AnotherLog), Never);
        await log.WithdrawLogAsync(AnotherLog, Never);
        await log.RegisterLogAsync(new(Log), Never);
        await using var lease = await log.LeaseAsync(Log, TimeProvider.System, Never);
        Assert.Equal(2, (await log.AppendAsync(Batch(0, (42, Scheduled()), (42, Due())), Never)).Appended);
        Assert.Equal(1, (await log.AppendAsync(Batch(1, (42, Due()), (42, Calculated())), Never)).Appended);

        Assert.Equal(3, (await log.ReadPositionsAsync(Log, Never))[Partition]);
        Assert.Equal([1, 2, 3], (await log.ReadStreamAsync(new(42), Never)).Select(one => one.Version));
        Assert.Empty((await log.LookAsync(Never)).Problems);
    }

    [Fact]
    public async Task Martens_own_sessions_append_as_that_writer()
    {
        var roles = await AuditRoles.NewAsync(postgres);
        await using var store = Store(roles.Writer);
        for (var round = 0; round < 2; round++)
        {
            await using var session = store.LightweightSession();
            session.Events.Append("42", Scheduled(), Due());
            await session.SaveChangesAsync(Never);
        }

        await using var query = store.QuerySession();
        Assert.Equal([1, 2, 3, 4], (await query.Events.FetchStreamAsync("42", token: Never)).Select(one => one.Version));
    }

    [Fact]
    public async Task What_was_recorded_no_writer_changes_or_removes()
    {
        var roles = await FilledAsync();
        string[] attempts =
        [
            "update settlement.mt_events set data = '{}'",
            "update settlement.mt_events set is_archived = true where false",
            "delete from settlement.mt_events",
            "truncate settlement.mt_events",
            "truncate settlement.mt_streams cascade",
            "delete from settlement.mt_streams",
            "update settlement.mt_streams set id = '7'",
            "update settlement.mt_streams set is_archived = true",
            "update settlement.mt_streams set version = 1",
            "select settlement.mt_archive_stream('42')",
            "select setval('settlement.mt_events_sequence', 1)",
            "alter table settlement.mt_events disable trigger all",
            "drop trigger streamsettle_append_only on settlement.mt_events",
            "create or replace function settlement.streamsettle_append_only() returns trigger language plpgsql as 'begin return null; end'",
            "drop table settlement.mt_events",
            "create table settlement.mine (id int)",
            "set session_replication_role = replica",
            "update settlement.streamsettle_logs set slot_name = 'x'; truncate settlement.streamsettle_logs cascade",
        ];

        Assert.All(attempts, sql => AssertRefused(roles.Writer, sql));
        Assert.All(attempts, sql => AssertRefused(roles.Auditor, sql));
        Assert.All(attempts, sql => AssertRefused(roles.Projector, sql));

        const string events = "select array_agg(e.version order by e.seq_id)::text || '|' || max(s.version) from settlement.mt_events e join settlement.mt_streams s on s.id = e.stream_id where not e.is_archived";
        Assert.Equal("{1,2}|2", PostgresFixture.Scalar<string>(roles.Owner, events));
    }

    [Fact]
    public async Task An_auditor_adds_and_locks_nothing()
    {
        var roles = await FilledAsync();
        string[] attempts =
        [
            Insert,
            "insert into settlement.mt_streams (id, version) values ('7', 0)",
            "select nextval('settlement.mt_events_sequence')",
            "insert into settlement.streamsettle_logs (log_identity) values (gen_random_uuid())",
            "select 1 from settlement.mt_streams for update",
        ];

        Assert.All(attempts, sql => AssertRefused(roles.Auditor, sql));
    }

    [Fact]
    public async Task An_auditor_reads_with_Marten_that_may_create_nothing()
    {
        var roles = await FilledAsync();
        await using var store = Store(roles.Auditor);
        await using var session = store.QuerySession();

        Assert.Equal(2, (await session.Events.FetchStreamAsync("42", token: Never)).Count);
    }

    [Fact]
    public async Task Not_even_the_owner_does_so_by_mistake()
    {
        var roles = await FilledAsync();
        (string Sql, string Operation)[] attempts =
        [
            ("update settlement.mt_events set data = '{}'", "update"),
            ("delete from settlement.mt_events where false", "delete"),
            ("truncate settlement.mt_events", "truncate"),
            ("delete from settlement.mt_streams", "delete"),
            ("truncate settlement.mt_streams cascade", "truncate"),
            ("update settlement.mt_streams set version = 1", "update"),
            ("update settlement.mt_streams set is_archived = true", "update"),
            ("select settlement.mt_archive_stream('42')", "update"),
        ];

        Assert.All(attempts, one => Assert.Contains($"is append-only: {one.Operation} is refused", AssertRefused(roles.Owner, one.Sql).MessageText, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_grants_can_be_run_again_and_take_back_what_was_given_beyond_them()
    {
        var roles = await FilledAsync();
        var writer = new NpgsqlConnectionStringBuilder(roles.Writer.ConnectionString).Username;
        PostgresFixture.Execute(roles.Owner, $"alter table settlement.mt_events disable trigger all; grant all on all tables in schema settlement to \"{writer}\"; grant all on schema settlement to \"{writer}\"");

        AuditRoles.Grant(roles.Owner);

        AssertRefused(roles.Writer, "update settlement.mt_events set data = '{}'");
        AssertRefused(roles.Writer, "create table settlement.mine (id int)");
        PostgresFixture.Execute(roles.Writer, Insert);
    }

    [Fact]
    public async Task The_owner_itself_is_refused_as_writer()
    {
        var owner = (await AuditRoles.NewAsync(postgres)).Owner;
        var refused = AssertFails(owner, AuditGrants.Sql("settlement", "someone_else", new NpgsqlConnectionStringBuilder(owner.ConnectionString).Username!));

        Assert.Contains("no right can be kept from it", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Views_are_kept_by_a_role_that_adds_no_event_and_read_by_auditors()
    {
        var roles = await FilledAsync();
        await using var projector = new Projector(new() { Audit = roles.Projector, Interval = ProjectionOptions.MinInterval }, ProjectionName.Orders, TimeProvider.System);
        using var ending = new CancellationTokenSource();
        var run = Task.Run(() => projector.RunAsync(ending.Token), Never);
        Assert.True(SpinWait.SpinUntil(() => projector.Status is { Place.Position: 2 }, TimeSpan.FromSeconds(30)), $"{projector.Status}");
        await ending.CancelAsync();
        await run;

        await using var store = Store(roles.Auditor);
        await using var session = store.QuerySession();
        Assert.Equal("due", Assert.Single(await session.Query<OrderView>().Where(order => order.MerchantId == 7).ToListAsync(Never)).State);
        Assert.All((string[])[Insert, "insert into settlement.mt_streams (id, version) values ('7', 0)", "select nextval('settlement.mt_events_sequence')"], sql => AssertRefused(roles.Projector, sql));
        Assert.All((string[])["delete from settlement.mt_doc_order_view", "update settlement.mt_event_progression set last_seq_id = 0"], sql =>
        {
            AssertRefused(roles.Auditor, sql);
            AssertRefused(roles.Writer, sql);
        });
    }

    [Fact]
    public async Task A_role_that_may_not_keep_views_is_told_what_it_lacks()
    {
        var roles = await FilledAsync();
        await using var projector = new Projector(new() { Audit = roles.Writer, Interval = ProjectionOptions.MinInterval }, ProjectionName.Reports, TimeProvider.System);
        using var ending = new CancellationTokenSource();
        var run = Task.Run(() => projector.RunAsync(ending.Token), Never);
        Assert.True(SpinWait.SpinUntil(() => projector.Status.State == ProjectorStatus.Failing, TimeSpan.FromSeconds(30)), $"{projector.Status}");
        await ending.CancelAsync();
        await run;

        Assert.Contains("GRANT INSERT, UPDATE, DELETE ON \"settlement\".mt_doc_merchant_day", projector.Status.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("same", "same", "must be two roles")]
    [InlineData("auditor", "writer", "--projector must be a role of its own", "writer")]
    [InlineData("auditor", "writer", "--projector must be a role's name", "public")]
    [InlineData("", "writer", "--auditor")]
    [InlineData("auditor", "public", "--writer")]
    [InlineData("auditor", "a$roles$b", "--writer")]
    [InlineData("auditor", "ein-name-der-viel-laenger-ist-als-postgres-ihn-haben-will-und-der-abgeschnitten-wuerde", "--writer")]
    public void Names_that_are_none_are_refused(string auditor, string writer, string told, string? projector = null) =>
        Assert.Contains(told, Assert.Throws<UserMistakeException>(() => AuditGrants.Sql("settlement", auditor, writer, projector)).Message, StringComparison.Ordinal);

    static PostgresException AssertFails(AuditOptions role, string sql) => Assert.Throws<PostgresException>(() => PostgresFixture.Execute(role, sql));

    static PostgresException AssertRefused(AuditOptions role, string sql)
    {
        var refused = AssertFails(role, sql);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        return refused;
    }

    static DocumentStore Store(AuditOptions options) => DocumentStore.For(marten =>
    {
        marten.Connection(options.ConnectionString);
        SettlementEventStore.Configure(marten, options.Schema);
        Assert.Equal(AutoCreate.None, marten.AutoCreateSchemaObjects);
    });

    async Task<AuditRoles> FilledAsync()
    {
        var roles = await AuditRoles.NewAsync(postgres);
        await using var log = new MartenEventLog(roles.Writer);
        await log.RegisterLogAsync(new(Log), Never);
        await log.AppendAsync(Batch(0, (42, Scheduled()), (42, Due())), Never);
        return roles;
    }
}
