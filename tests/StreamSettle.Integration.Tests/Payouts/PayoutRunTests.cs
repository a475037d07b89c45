using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Payouts;

/// <summary>Splits that gather until their time is over, on the service as it runs, with a kill -9 in between.</summary>
public class PayoutRunTests(TestPostgres postgres)
{
    const int Orders = 30;

    [Fact]
    public async Task Splits_gather_are_forecast_and_go_when_their_time_is_over_also_after_a_kill()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await GatheringPayouts.WriteAsync(world, long.MaxValue, "PT8S");
        var check = await world.CommandAsync("rules", "check", world.RulesDirectory);
        Assert.True(check.Code == 0 && check.Output.Contains("ok  calendar EVERY_DAY, 2000 to 2099", StringComparison.Ordinal), check.Output + check.Errors);

        await using (var first = world.Run())
        {
            await first.ReadyAsync();
            await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None, FirstOrderId = 1_000 });
            world.Settings["Urls"] = first.Url!.ToString();
            await Until.TrueAsync(async () => await OrdersWithAsync(world, "payout_deferred") == Orders, "every split waits", seen: () => first.Tail);
            var (forecasting, telling) = (world.CommandAsync("forecast"), world.CommandAsync("order", "1000"));
            var (forecast, order) = (await forecasting, await telling);
            Assert.True(forecast.Code == 0 && forecast.Output.StartsWith("Payouts that wait for a minimum", StringComparison.Ordinal), forecast.Output + forecast.Errors);
            Assert.Contains("streamsettle_payouts_waiting", (await first.AskAsync("/metrics")).Text, StringComparison.Ordinal);
            Assert.Contains("\"payoutsWaiting\":30", (await first.AskAsync("/api/v1/status")).Text, StringComparison.Ordinal);
            Assert.True(
                order.Output.StartsWith("Order 1000: in delivery, payout waits", StringComparison.Ordinal) && order.Output.Contains("after PT8S whatever there is", StringComparison.Ordinal), order.Output);
            first.Kill();
            await first.ExitAsync();
        }

        Assert.DoesNotContain(world.Downstreams.Effects.Snapshot(), effect => effect.Key.Contains(":split:", StringComparison.Ordinal));
        await using var service = world.Run();
        await service.ReadyAsync();
        await Until.TrueAsync(async () => await OrdersWithAsync(world, "settlement_completed") == Orders, "every order is completed", seen: () => service.Tail);
        Assert.Equal(Orders, await OrdersWithAsync(world, "payout_released"));
        Assert.Contains("no split waits for its payout", (await world.CommandAsync("forecast")).Output, StringComparison.Ordinal);
        await world.SoundAsync();
    }

    static Task<long> OrdersWithAsync(World world, string type) => world.QueryAsync<long>($"select count(distinct stream_id) from settlement.mt_events where type = '{type}'");
}
