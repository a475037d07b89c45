using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Sandbox.Postgres;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Marten;

public sealed class MartenFaultTests(PostgresFixture postgres)
{
    static readonly CancellationToken Never = CancellationToken.None;
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_server_that_crashes_again_and_again_costs_no_event_and_doubles_none()
    {
        const int rounds = 300;
        const int perRound = 20;
        postgres.RequireServer();
        await using var server = await PrivatePostgres.StartAsync(new());
        await using var log = new MartenEventLog(new() { ConnectionString = server.ConnectionString });
        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(Log), Never);
        var sink = new AuditSink(log, Log, TimeProvider.System, Never);

        var flushed = 0;
        var writer = Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    for (var i = 0; i < perRound; i++)
                    {
                        sink.Add(Partition.Topic, 0, round * perRound + i, Record(i % 5, Due($"{round}.{i}")));
                    }

                    sink.Flush();
                    Volatile.Write(ref flushed, round + 1);
                }
            },
            TaskCreationOptions.LongRunning);
        foreach (var mark in (int[])[50, 120, 200])
        {
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref flushed) >= mark || writer.IsCompleted, Bound));
            await server.StopAsync(crash: true);
            Assert.True(SpinWait.SpinUntil(() => sink.Status is SinkStatus.Waiting || writer.IsCompleted, Bound));
            await server.StartAgainAsync();
        }

        await writer.WaitAsync(Bound);

        Assert.Equal(new EventLogCounts(rounds * perRound, 5), await log.CountsAsync(Never));
        for (var order = 0; order < 5; order++)
        {
            var stream = await log.ReadStreamAsync(new OrderId(order), Never);
            Assert.Equal(Enumerable.Range(1, rounds * perRound / 5).Select(version => (long)version), stream.Select(one => one.Version));
            Assert.Equal(stream.Count, stream.Select(one => one.Cause).Distinct().Count());
        }
    }

    [Fact]
    public async Task An_append_that_is_cancelled_leaves_the_log_whole_and_usable()
    {
        await using var log = await Opened(await postgres.NewDatabaseAsync());
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.AppendAsync(Batch(0, (42, Scheduled())), stop.Token));

        Assert.Equal(1, (await log.AppendAsync(Batch(0, (42, Scheduled())), Never)).Appended);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_the_environments_failure()
    {
        await using var log = new MartenEventLog(new() { ConnectionString = "Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=2" });

        await Assert.ThrowsAsync<EnvironmentFailedException>(() => log.OpenAsync(Never));
        await Assert.ThrowsAsync<EnvironmentFailedException>(() => log.CountsAsync(Never));
    }

    [Theory]
    [InlineData("Database=nosuch", "Create it")]
    [InlineData("Username=nobody", "Correct Audit:ConnectionString")]
    [InlineData("Username=bare;Password=bare", "Grant it")]
    public async Task A_wrong_login_database_or_right_is_the_users_mistake_with_a_remedy(string change, string remedy)
    {
        var options = await postgres.NewDatabaseAsync();
        PostgresFixture.Execute(options, "do $$ begin if not exists (select from pg_roles where rolname = 'bare') then create role bare login password 'bare'; end if; end $$");
        await using var log = new MartenEventLog(options with { ConnectionString = $"{options.ConnectionString};{change}" });

        var mistake = await Assert.ThrowsAsync<UserMistakeException>(() => log.OpenAsync(Never));

        Assert.Contains(remedy, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alter schema settlement rename to away", "alter schema away rename to settlement")]
    [InlineData("revoke usage on schema settlement from keeper", "grant usage on schema settlement to keeper")]
    [InlineData("alter role keeper nologin; select pg_terminate_backend(pid) from pg_stat_activity where usename = 'keeper'", "alter role keeper login")]
    public async Task What_is_refused_by_a_log_that_has_worked_passes_when_it_is_mended(string harm, string remedy)
    {
        var options = await postgres.NewDatabaseAsync();
        await using (await Opened(options))
        {
        }

        PostgresFixture.Execute(
            options,
            """
            do $$ begin if not exists (select from pg_roles where rolname = 'keeper') then create role keeper login password 'keeper'; end if; end $$;
            grant usage on schema settlement to keeper;
            grant all on all tables in schema settlement to keeper;
            grant all on all sequences in schema settlement to keeper;
            """);
        await using var log = await Opened(options with { ConnectionString = $"{options.ConnectionString};Username=keeper;Password=keeper" });
        var batch = Batch(0, (42, Scheduled()));

        PostgresFixture.Execute(options, harm);
        await Assert.ThrowsAsync<EnvironmentFailedException>(() => log.AppendAsync(batch, Never));

        PostgresFixture.Execute(options, remedy);
        Assert.Equal(1, (await log.AppendAsync(batch, Never)).Appended);
    }

    [Fact]
    public async Task A_schema_that_was_never_made_is_the_users_mistake()
    {
        await using var log = new MartenEventLog(await postgres.NewDatabaseAsync());

        var mistake = await Assert.ThrowsAsync<UserMistakeException>(() => log.CountsAsync(Never));

        Assert.Contains("Schema 'settlement' of the event log is not complete", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_with_the_rights_of_the_readme_runs_on_a_schema_that_exists()
    {
        var options = await postgres.NewDatabaseAsync();
        await using (await Opened(options))
        {
        }

        PostgresFixture.Execute(
            options,
            """
            create role writer login password 'writer';
            grant usage on schema settlement to writer;
            grant select on all tables in schema settlement to writer;
            grant insert on settlement.mt_events to writer;
            grant insert, update on settlement.mt_streams, settlement.streamsettle_positions to writer;
            grant insert, update, delete on settlement.streamsettle_logs to writer;
            grant usage on settlement.mt_events_sequence to writer;
            """);
        await using var log = await Opened(options with { ConnectionString = $"{options.ConnectionString};Username=writer;Password=writer" });

        Assert.Equal(1, (await log.AppendAsync(Batch(0, (42, Scheduled())), Never)).Appended);
    }

    [Fact]
    public async Task A_database_that_is_read_only_is_waited_for()
    {
        postgres.RequireServer();
        await using var server = await PrivatePostgres.StartAsync(new());
        await using var log = await Opened(new() { ConnectionString = server.ConnectionString });
        await server.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(server.Directory, "data", "standby.signal"), "", Never);
        await server.StartAgainAsync();

        await Assert.ThrowsAsync<EnvironmentFailedException>(() => log.AppendAsync(Batch(0, (42, Scheduled())), Never));
        Assert.Contains("takes no writes", (await Assert.ThrowsAsync<EnvironmentFailedException>(() => log.LookAsync(Never))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_without_an_owner_are_never_taken_over()
    {
        var options = await postgres.NewDatabaseAsync();
        await using var log = await Opened(options);
        await log.AppendAsync(Batch(0, (42, Scheduled())), Never);
        PostgresFixture.Execute(options, "delete from settlement.streamsettle_logs");

        Assert.IsType<RegisterLogResult.UnownedEvents>(await log.RegisterLogAsync(new(AnotherLog), Never));
        Assert.Equal(new EventLogState(false, null), await log.OpenAsync(Never));
    }

    [Fact]
    public async Task Services_that_start_at_once_make_the_schema_once()
    {
        var options = await postgres.NewDatabaseAsync();
        var logs = Enumerable.Range(0, 4).Select(_ => new MartenEventLog(options)).ToArray();

        var states = await Task.WhenAll(logs.Select(log => log.OpenAsync(Never)));

        Assert.All(states, state => Assert.Equal(new EventLogState(true, null), state));
        foreach (var log in logs)
        {
            await log.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Settlement")]
    [InlineData("1st")]
    [InlineData("pg_audit")]
    [InlineData("a\"; drop table x; --")]
    [InlineData("a\n")]
    public void A_schema_name_that_could_do_harm_is_refused(string schema)
    {
        var mistake = Assert.Throws<UserMistakeException>(() => new MartenEventLog(new() { ConnectionString = "Host=localhost", Schema = schema }));

        Assert.Contains("Audit:Schema must be", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host=localhost;Password=secret;NoSuchKey=1")]
    [InlineData("postgres://ann:secret@db/audit?sslmode=require")]
    [InlineData("Host=localhost;Password=with;secret=1")]
    public void A_connection_string_that_cannot_be_used_is_refused_without_being_shown(string connectionString)
    {
        var problem = Assert.Single(new AuditOptions { ConnectionString = connectionString }.Problems("Audit"));

        Assert.StartsWith("Audit:ConnectionString", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    static async Task<MartenEventLog> Opened(AuditOptions options)
    {
        var log = new MartenEventLog(options);
        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(Log), Never);
        return log;
    }
}
