using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Audit.Tests.Marten;

/// <summary>Of several instances one does it.</summary>
public sealed class SoleRunTests(PostgresFixture postgres)
{
    const string EndIt = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'streamsettle-sole' and datname = current_database()";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_one_instances_until_that_gives_it_up_or_its_session_is_gone()
    {
        var options = await postgres.NewDatabaseAsync();
        await using var log = new MartenEventLog(options);
        await using var other = new MartenEventLog(options);
        var first = await log.TryRunAloneAsync("reconcile", Stop);
        Assert.NotNull(first);
        await first.HoldAsync(Stop);
        Assert.Null(await other.TryRunAloneAsync("reconcile", Stop));
        Assert.Null(await log.TryRunAloneAsync("reconcile", Stop));
        await using (var another = await other.TryRunAloneAsync("another thing", Stop))
        {
            Assert.NotNull(another);
        }

        await first.DisposeAsync();
        var second = await other.TryRunAloneAsync("reconcile", Stop);
        Assert.NotNull(second);

        PostgresFixture.Execute(options, EndIt);
        await Assert.ThrowsAsync<EnvironmentFailedException>(() => second.HoldAsync(Stop));
        await second.DisposeAsync();
        await using var third = await log.TryRunAloneAsync("reconcile", Stop);
        Assert.NotNull(third);
    }

    [Fact]
    public async Task Two_event_logs_of_one_database_do_not_keep_each_other_out()
    {
        var options = await postgres.NewDatabaseAsync();
        await using var log = new MartenEventLog(options);
        await using var other = new MartenEventLog(options with { Schema = "settlement_b" });
        await using var first = await log.TryRunAloneAsync("reconcile", Stop);
        await using var second = await other.TryRunAloneAsync("reconcile", Stop);
        Assert.True(first is not null && second is not null);
    }
}
