using System.Net;
using Npgsql;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Integration.Tests.Outages;

/// <summary>The source goes silent while orders wait for their marks.</summary>
public class BlackHoleTests(TestPostgres postgres)
{
    static readonly TimeSpan Delay = TimeSpan.FromSeconds(12);
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>Well before the marks, on a busy machine too.</summary>
    static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData(LinkTraffic.Swallowed)]
    [InlineData(LinkTraffic.Stalls)]
    [InlineData(LinkTraffic.Refused)]
    public async Task Orders_that_are_taken_back_while_nothing_comes_from_the_source_are_not_paid(LinkTraffic becomes)
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), Delay);
        await using var link = CuttableLink.To(new NpgsqlConnectionStringBuilder(world.ConnectionString).Port);
        await using var service = await StartAsync(world, link);
        await CompleteAsync(world, 1, 2, 3, 4);
        await Until.TrueAsync(async () => (await service.StatusAsync())?.Flow.Scheduled == 4, "the orders are known", seen: () => service.Tail);

        link.Set(becomes);
        await world.ExecuteAsync("update orders set status = 'CANCELLED' where order_id in (1, 2, 3)");
        await Until.TrueAsync(async () => (await service.AskAsync("/health/ready")).Status == HttpStatusCode.ServiceUnavailable, "it is not ready", SeenWithin);
        Assert.Contains("the source", (await service.AskAsync("/health/ready")).Text, StringComparison.Ordinal);
        await Until.TrueAsync(async () => await world.QueryAsync<bool>($"select min(completed_at) + interval '{Delay.TotalSeconds + Silence.TotalSeconds} s' < clock_timestamp() from orders"), "the marks have passed");
        Assert.Empty(world.Downstreams.Effects.Snapshot());
        Assert.False(await service.IsReadyAsync());

        link.Heal();
        await Until.TrueAsync(async () => (await service.StatusAsync())?.Flow is { Completed: 1, Cancelled: 3 }, "the one is settled and the others are cancelled", seen: () => service.Tail);
        Assert.All(world.Downstreams.Effects.Snapshot(), effect => Assert.StartsWith("4:", effect.Key, StringComparison.Ordinal));
        Assert.True(await service.IsReadyAsync());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_run_ends_in_good_order_while_its_databases_are_black_holes(bool source, bool eventLog)
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        world.Silence = Silence;
        var (toSource, toEventLog) = world.Link();
        await using var endSource = toSource;
        await using var endEventLog = toEventLog;
        await using var service = world.Run();
        await service.ReadyAsync();
        Assert.All([(source, toSource), (eventLog, toEventLog)], link => link.Item2.Set(link.Item1 ? LinkTraffic.Swallowed : LinkTraffic.Passes));
        await CompleteAsync(world, 1, 2, 3);
        await Until.TrueAsync(async () => await service.StatusAsync() is { } now && now.Ready != source && now.Audit.State == "away" == eventLog, "it sees them gone", seen: () => service.Tail);

        service.Terminate();
        Assert.Equal(0, await service.ExitAsync(TimeSpan.FromSeconds(30)));
    }

    static async Task<ServiceProcess> StartAsync(World world, CuttableLink link)
    {
        world.Settings["Audit:ConnectionString"] = world.ConnectionString;
        world.Settings["Source:ConnectionString"] = new NpgsqlConnectionStringBuilder(world.ConnectionString) { Port = link.Port }.ConnectionString;
        world.Settings["Source:Silence"] = Silence.ToString();
        var service = world.Run();
        await service.ReadyAsync();
        return service;
    }

    static Task CompleteAsync(World world, params int[] orders) => world.ExecuteAsync(
        "insert into merchants values (5, 'Five', 'STANDARD', 'DE', 'UTC'); "
        + string.Concat(orders.Select(id =>
            $"insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status, completed_at) values ({id}, 5, 'DE', 'EUR', 100, 'COMPLETED', now());")));
}
