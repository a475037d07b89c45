using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

public class FirstStartTests(TestPostgres postgres)
{
    const int Old = 30;
    const int New = 20;

    [Fact]
    public async Task Old_completed_orders_are_not_settled_unless_they_are_said_to_be_ours()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await world.SellAsync(world.Shop(Old) with { Fates = FateShares.None, CompletedAgo = TimeSpan.FromDays(30) });
        var (oldest, newest) = (await CompletedAsync(world, "min"), await CompletedAsync(world, "max"));

        await RefusedStart.OfAsync(world, RefusedStart.Mistake, $"{Old} completed orders", oldest.ToString(), newest.ToString(), "Source:CompletedSince");
        Assert.Equal(0, await world.SlotsAsync());
        Assert.Empty(world.Downstreams.Effects.Snapshot());

        world.Settings["Source:CompletedSince"] = UtcInstant.Now(TimeProvider.System).ToString();
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.SellAsync(world.Shop(New) with { Fates = FateShares.None });
        var settled = await Settled.AsyncOf(service, TimeSpan.FromSeconds(60));

        Assert.Equal(New, settled.Flow.Completed);
        var firstNew = 1 + Old;
        Assert.DoesNotContain(world.Downstreams.Effects.Snapshot(), effect => long.Parse(effect.Key.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture) < firstNew);
    }

    [Fact]
    public async Task What_the_first_start_decided_stays_whatever_the_key_says_later()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await world.SellAsync(world.Shop(Old) with { Fates = FateShares.None, CompletedAgo = TimeSpan.FromDays(30) });
        var since = UtcInstant.Now(TimeProvider.System).ToString();
        world.Settings["Source:CompletedSince"] = since;
        await using (var first = world.Run())
        {
            await first.ReadyAsync();
            Assert.Contains($"{Old} orders completed before Source:CompletedSince are not ours", first.Output, StringComparison.Ordinal);
            first.Terminate();
            Assert.Equal(0, await first.ExitAsync());
        }

        foreach (var other in new[] { "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "" })
        {
            world.Settings["Source:CompletedSince"] = other;
            await RefusedStart.OfAsync(world, RefusedStart.Mistake, $"Source:CompletedSince is {(other.Length > 0 ? other : "not set")}", $"had {since}", $"Set Source:CompletedSince={since} again");
            var (code, output, _) = await world.CommandAsync("check");
            Assert.True(code == 1 && output.Contains($"had {since}", StringComparison.Ordinal), output);
        }

        world.Settings["Source:CompletedSince"] = since;
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.ExecuteAsync("update orders set note = 'edited'; update orders set completed_at = now() where order_id = 2; insert into orders "
            + "select order_id + 1000, merchant_id, promoter_id, carrier_id, buyer_country, category, currency, gross_amount, shipping_amount, 0, status, false, now() from orders where order_id = 1");
        var settled = await Settled.AsyncOf(service, TimeSpan.FromSeconds(60));

        // One with an id of its own is ours, as operations.md says.
        Assert.Equal(1, settled.Flow.Completed);
        Assert.All(world.Downstreams.Effects.Snapshot(), effect => Assert.StartsWith("1001:", effect.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Odd_rows_are_dead_letters_and_the_others_are_settled()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(3));
        await world.ExecuteAsync("alter table orders alter currency drop not null, alter merchant_id drop not null; insert into merchants values (5, 'Five', 'STANDARD', 'DE', 'UTC')");
        world.Settings["Source:CompletedSince"] = UtcInstant.Now(TimeProvider.System).ToString();
        await world.ExecuteAsync(Odd(1));
        await using var service = world.Run();
        await service.ReadyAsync();
        await Until.TrueAsync(async () => await service.StatusAsync() is { DeadLetters: 5 }, "what the copy could not read is a dead letter", seen: () => service.Tail);

        await world.ExecuteAsync(Odd(100));
        await Until.TrueAsync(async () => await service.StatusAsync() is { DeadLetters: 10, Flow.Completed: 2 }, "each order has come to its end", seen: () => service.Tail);
        Assert.True(await service.IsReadyAsync());
        Assert.All(world.Downstreams.Effects.Snapshot(), effect => Assert.Contains(effect.Key.Split(':')[0], new[] { "6", "105" }));
    }

    /// <summary>Five rows that cannot be read, and one that can.</summary>
    static string Odd(int first) => string.Concat(
        new[] { "5, null, now()", "null, 'EUR', now()", "5, 'EUR', 'infinity'", "5, 'EUR', '294276-12-31 23:59:59+00'", "5, 'EUR', '0044-03-15 12:00:00+00 BC'", "5, 'EUR', now()" }
            .Select((values, i) => string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"insert into orders (order_id, merchant_id, currency, completed_at, buyer_country, gross_amount, status) values ({first + i}, {values}, 'DE', 100, 'COMPLETED');")));

    static async Task<UtcInstant> CompletedAsync(World world, string which) =>
        UtcInstant.From(new DateTimeOffset(await world.QueryAsync<DateTime>($"select {which}(completed_at) from orders")));
}
