using Npgsql;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Marten;

public sealed class EventLogLookTests(PostgresFixture postgres)
{
    static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task A_look_makes_nothing_and_sees_what_is_there()
    {
        var options = await postgres.NewDatabaseAsync();
        await using var log = new MartenEventLog(options);

        var before = await log.LookAsync(Never);
        Assert.Equal((false, new EventLogState(true, null), 0), (before.Exists, before.State, before.Problems.Count));
        Assert.Equal(0L, PostgresFixture.Scalar<long>(options, "select count(*) from pg_namespace where nspname = 'settlement'"));

        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(Log), Never);
        await log.AppendAsync(Batch(0, (42, Scheduled())), Never);

        var after = await log.LookAsync(Never);
        Assert.Equal((true, new EventLogState(false, new LogRegistration(Log))), (after.Exists, after.State));
        Assert.Equal(1, after.Positions[Partition]);
        Assert.Empty(after.Problems);
    }

    /// <summary>A start of this release must not take an event log of an earlier one for an empty one.</summary>
    [Fact]
    public async Task Whose_an_older_event_log_is_and_how_far_it_is_written_is_seen_before_it_has_all_tables()
    {
        var options = await postgres.NewDatabaseAsync();
        PostgresFixture.Execute(options, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Marten", "Kept", "event-log-0.1.0.sql"), Never));
        await using var log = new MartenEventLog(options);

        var look = await log.LookAsync(Never);

        Assert.Equal((true, new EventLogState(false, new LogRegistration(Log)), 5), (look.Exists, look.State, look.Positions[Partition]));
        Assert.Empty(look.Problems);
    }

    [Fact]
    public async Task A_column_that_is_missing_is_named_to_who_may_not_make_it()
    {
        var (owner, weak) = await WeakAsync();
        await using (var made = new MartenEventLog(owner))
        {
            await made.OpenAsync(Never);
        }

        PostgresFixture.Execute(
            owner,
            "alter table settlement.streamsettle_seals drop column beside; grant usage on schema settlement to public; grant select, insert, update, delete on all tables in schema settlement to public; grant usage on all sequences in schema settlement to public");
        await using var log = new MartenEventLog(weak);

        Assert.Contains("has no column beside", Assert.Single((await log.LookAsync(Never)).Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select 1", "CREATE SCHEMA \"settlement\" AUTHORIZATION")]
    [InlineData("create schema settlement", "GRANT USAGE, CREATE ON SCHEMA \"settlement\"")]
    [InlineData("create schema settlement; grant usage on schema settlement to public", "GRANT CREATE ON SCHEMA \"settlement\"")]
    public async Task Rights_that_are_missing_are_named_with_the_grant(string sql, string message)
    {
        var (owner, weak) = await WeakAsync();
        PostgresFixture.Execute(owner, sql);
        await using var log = new MartenEventLog(weak);

        Assert.Contains(message, string.Join('\n', (await log.LookAsync(Never)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_right_on_one_table_that_is_missing_is_named()
    {
        var (owner, weak) = await WeakAsync();
        await using (var made = new MartenEventLog(owner))
        {
            await made.OpenAsync(Never);
        }

        PostgresFixture.Execute(
            owner,
            "grant usage on schema settlement to public; grant select, insert, update, delete on all tables in schema settlement to public; grant usage on all sequences in schema settlement to public; "
            + "revoke insert on settlement.mt_events from public");
        await using var log = new MartenEventLog(weak);

        var problem = Assert.Single((await log.LookAsync(Never)).Problems);
        Assert.Contains("GRANT INSERT ON \"settlement\".mt_events", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_role_is_set_to_ends_no_append()
    {
        var (owner, weak) = await WeakAsync();
        PostgresFixture.Execute(owner, $"create schema settlement; alter schema settlement owner to {Role(weak)}");
        foreach (var setting in (string[])["lock_timeout = 1", "default_transaction_read_only = on", "default_transaction_isolation = serializable", "synchronous_commit = off"])
        {
            PostgresFixture.Execute(owner, $"alter role {Role(weak)} set {setting}");
        }

        await using var log = new MartenEventLog(weak);
        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(Log), Never);

        Assert.Equal(1, (await log.AppendAsync(Batch(0, (42, Scheduled())), Never)).Appended);
    }

    /// <summary>The same database for its owner, and for a role that may only connect.</summary>
    async Task<(AuditOptions Owner, AuditOptions Weak)> WeakAsync()
    {
        var owner = await postgres.NewDatabaseAsync();
        var builder = new NpgsqlConnectionStringBuilder(owner.ConnectionString);
        var role = $"weak_{builder.Database}";
        PostgresFixture.Execute(owner, $"create role {role} login password 'weak'");
        return (owner, owner with { ConnectionString = new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Username = role, Password = "weak" }.ConnectionString });
    }

    static string Role(AuditOptions options) => new NpgsqlConnectionStringBuilder(options.ConnectionString).Username!;
}
