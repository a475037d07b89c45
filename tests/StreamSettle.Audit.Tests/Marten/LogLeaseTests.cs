using Npgsql;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Audit.Tests.Marten;

/// <summary>One process runs by a log's identity, whatever becomes of its sessions.</summary>
public sealed class LogLeaseTests(PostgresFixture postgres)
{
    const string Lock = "select pg_advisory_lock(hashtextextended('streamsettle.log.0193b3f0000070008000000000000001', 0))";
    const string Holders = "select count(*) from pg_locks l join pg_stat_activity a using (pid) where locktype = 'advisory' and granted and application_name = 'streamsettle-lease' and datname = current_database()";
    const string EndIt = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'streamsettle-lease' and datname = current_database()";

    static readonly Guid Identity = Guid.Parse("0193b3f0-0000-7000-8000-000000000001");
    static readonly Guid Another = Guid.Parse("0193b3f0-0000-7000-8000-000000000002");
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_second_process_is_refused_while_the_first_lives_and_the_first_goes_on()
    {
        var options = await postgres.NewDatabaseAsync();
        await using var log = new MartenEventLog(options);
        await using var other = new MartenEventLog(options);
        var first = await TakeAsync(log, Identity);

        var refused = await Assert.ThrowsAsync<UserMistakeException>(() => TakeAsync(other, Identity));
        Assert.Contains(Identity.ToString(), refused.Message);
        Assert.Contains("streamsettle-lease", refused.Message);
        Assert.False(first.Completion.IsCompleted);
        await (await TakeAsync(other, Another)).DisposeAsync();

        await first.DisposeAsync();
        await using var second = await TakeAsync(other, Identity);
        Assert.True(first.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_session_that_the_server_ends_is_made_anew_and_keeps_others_out()
    {
        var options = await postgres.NewDatabaseAsync();
        await using var log = new MartenEventLog(options);
        await using var first = await TakeAsync(log, Identity);
        PostgresFixture.Execute(options, EndIt);
        Assert.True(SpinWait.SpinUntil(() => PostgresFixture.Scalar<long>(options, Holders) == 0, Bound));

        Assert.True(SpinWait.SpinUntil(() => PostgresFixture.Scalar<long>(options, Holders) == 1, Bound));
        await Assert.ThrowsAsync<UserMistakeException>(() => TakeAsync(log, Identity));
        Assert.False(first.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_holder_that_comes_back_too_late_stops()
    {
        var options = await postgres.NewDatabaseAsync();
        await using var log = new MartenEventLog(options);
        await using var first = await TakeAsync(log, Identity);
        await using var other = await OpenAsync(options);
        var waiting = ExecuteAsync(other, Lock);
        Assert.True(SpinWait.SpinUntil(() => PostgresFixture.Scalar<long>(options, "select count(*) from pg_locks where locktype = 'advisory' and not granted") == 1, Bound));
        PostgresFixture.Execute(options, EndIt);
        await waiting;

        while (!first.Completion.IsCompleted)
        {
            await ExecuteAsync(other, "select 1");
            await Task.Yield();
        }

        Assert.Contains("has taken over", (await Assert.ThrowsAsync<UserMistakeException>(() => first.Completion)).Message);
    }

    [Fact]
    public async Task A_holder_that_has_been_silent_for_long_is_no_process_any_more()
    {
        var options = await postgres.NewDatabaseAsync();
        await using var log = new MartenEventLog(options);
        await using var silent = await OpenAsync(options);
        await ExecuteAsync(silent, Lock);

        await using var lease = await TakeAsync(log, Identity);

        Assert.False(lease.Completion.IsCompleted);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(silent, "select 1"));
    }

    static Task<LogLease> TakeAsync(MartenEventLog log, Guid identity) => log.LeaseAsync(identity, TimeProvider.System, TestContext.Current.CancellationToken).WaitAsync(Bound);

    static async Task<NpgsqlConnection> OpenAsync(AuditOptions options)
    {
        var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
