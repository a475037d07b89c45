using StreamSettle.App.Watching;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Integration.Tests.Projecting;

/// <summary>The service keeps views beside the event log, by a role of their own, and a person has them made anew.</summary>
public class ProjectingTests(TestPostgres postgres)
{
    const int Orders = 20;

    static readonly TimeSpan SettledWithin = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Views_follow_over_a_kill_and_a_rebuild_and_stop_neither_settlement_nor_readiness()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        Views.Use(world);
        await using (var service = world.Run())
        {
            await service.ReadyAsync();
            await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None });
            await Until.TrueAsync(async () => await service.StatusAsync() is { Audit: { Events: > 20, Projections: [{ Position: > 0 }, _] } }, "views have begun");
            await TakenOverAsync(world, service);
        }

        await using (var service = world.Run())
        {
            await service.ReadyAsync();
            await Settled.OrdersAsync(world, service, Orders, SettledWithin);
            await Views.AreRightAsync(world, service);
            var check = await world.CommandAsync("audit", "projections", "rebuild", "reports");
            Assert.True(check.Code == 0 && check.Output.StartsWith("reports: made anew", StringComparison.Ordinal), check.Output + check.Errors);
            await Views.AreRightAsync(world, service);
            Assert.Contains("runs", (await world.CommandAsync("audit", "projections", "list")).Output, StringComparison.Ordinal);
            Assert.Contains("streamsettle_audit_projection_behind", (await service.AskAsync("/metrics")).Text, StringComparison.Ordinal);

            // An event of a later release stops the views and is named; the service is as ready as before.
            await world.ExecuteAsync(
                "insert into settlement.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type) select nextval('settlement.mt_events_sequence'), gen_random_uuid(), id, version + 1, '{}', 'settlement_of_tomorrow', now(), 'No.Such, Type' from settlement.mt_streams order by id limit 1");
            await Until.TrueAsync(async () => await service.StatusAsync() is { Ready: true, Audit: { Health: Health.Good, Projections: [{ State: "failing", Health: Health.Warning }, { State: "failing" }] } }, "both views stand still");
            await Until.TrueAsync(() => service.Log.Any(line => line.Id == 9091 && line.Text.Contains("settlement_of_tomorrow", StringComparison.Ordinal)), "the log names it");
            service.Terminate();
            Assert.Equal(0, await service.ExitAsync());
        }
    }

    [Theory]
    [InlineData("Audit:Projections:Run", "order", "must be some of orders, reports, with commas, but has 'order'")]
    [InlineData("Audit:Projections:Interval", "00:00:00.01", "Audit:Projections:Interval must be from")]
    [InlineData("Audit:Projections:PasswordFile", "/no/such", "goes with Audit:Projections:ConnectionString")]
    public async Task A_setting_that_cannot_be_used_is_refused(string key, string value, string message)
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        world.Settings[key] = value;

        var refused = await world.CommandAsync("check");

        Assert.Equal(1, refused.Code);
        Assert.Contains(message, refused.Errors, StringComparison.Ordinal);
    }

    /// <summary>Of two processes that would run a projection one has the right to it, though it stands still; when it is killed the other one goes on.</summary>
    static async Task TakenOverAsync(World world, ServiceProcess service)
    {
        const string waiting = "select count(*) from pg_stat_activity where application_name = 'streamsettle-projections' and wait_event_type = 'Lock'";
        Signals.Freeze(service.Id);
        await using var second = world.Start("audit", "projections", "rebuild", "orders");
        await Until.TrueAsync(
            async () => second.Errors.Contains("by a service", StringComparison.Ordinal) || await world.QueryAsync<long>(waiting) > 0, "the second process leaves it to the first", seen: () => second.Tail);
        Assert.False(second.HasExited, second.Tail);

        service.Kill();
        await service.ExitAsync();

        Assert.True(await second.ExitAsync() == 0 && second.Output.StartsWith("orders: made anew", StringComparison.Ordinal), second.Tail);
        await Views.OrdersAreRightAsync(world);
    }
}
