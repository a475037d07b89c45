using System.Net;
using System.Security.Cryptography;
using System.Text;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>What is held by one instance is held by all, also when the one that was asked is gone.</summary>
[Collection(ConnectTests.Name)]
public sealed class HoldTests(TestPostgres postgres, ConnectWorker connect)
{
    const string Key = "open sesame";
    const string Hold = "stop-1";
    const int Orders = 30;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    [Trait("Category", "Soak")]
    public async Task A_hold_that_was_answered_holds_on_every_instance_and_over_the_death_of_the_one_that_answered()
    {
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, TimeSpan.FromSeconds(2));
        var settings = cluster.World.Settings;
        settings["Access:Keys:ops:Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));
        settings["Access:Keys:ops:Role"] = "Operator";
        settings["Access:OpenLocally"] = "true";
        await cluster.ApplyAsync();
        await using var first = cluster.Run();
        await using var second = cluster.Run();
        await first.ReadyAsync(Patience);
        await second.ReadyAsync(Patience);
        var added = await AskAsync(cluster.World, first, "add", "everything", "--reason", "the bank is closed", "--request-id", Hold);
        Assert.DoesNotContain("not confirmed", added, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await second.AskAsync($"/api/v1/holds/{Hold}", key: Key)).Status);
        await cluster.World.SellAsync(cluster.World.Shop(Orders) with { Fates = FateShares.None });
        await Until.TrueAsync(async () => await CountAsync(cluster.World, "settlement_held") == Orders, "every order is told to be held", Patience, () => first.Tail + second.Tail);
        first.Kill();
        await first.ExitAsync();
        await cluster.World.SellAsync(cluster.World.Shop(Orders, seed: 2) with { Fates = FateShares.None, FirstOrderId = 5_000 });
        await Until.TrueAsync(async () => await CountAsync(cluster.World, "settlement_held") == 2 * Orders, "the other one holds on", Patience, () => second.Tail);
        Assert.Empty(cluster.World.Downstreams.Effects.Snapshot());
        await AskAsync(cluster.World, second, "release", Hold);
        await Until.TrueAsync(async () => await CountAsync(cluster.World, "settlement_completed") == 2 * Orders, "all are settled", Patience, () => second.Tail);
    }

    static async Task<string> AskAsync(World world, ServiceProcess service, params string[] arguments)
    {
        var (code, output, errors) = await world.CommandAsync(["holds", .. arguments, "--url", service.Url!.ToString(), "--key", Key]);
        Assert.True(code == 0, output + errors);
        return output;
    }

    static Task<long> CountAsync(World world, string type) => world.QueryAsync<long>($"select count(distinct stream_id) from settlement.mt_events where type = '{type}'");
}
