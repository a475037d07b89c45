using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Registry;
using StreamSettle.Tests.Links;
using StreamSettle.Topology.Names;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>Records of ours in Avro on a cluster: with the registry away at the first start, and at one after a kill -9.</summary>
[Collection(ConnectTests.Name)]
public sealed class FormatsTests(TestPostgres postgres, ConnectWorker connect)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    // Half a minute on a machine of its own: what it rests on is tested without a cluster.
    [Fact]
    [Trait("Category", "Soak")]
    public async Task The_first_start_waits_for_ids_and_later_ones_have_them()
    {
        await using var registry = await RegistryServer.StartAsync(connect.Broker);
        await using var link = CuttableLink.To(registry.Port);
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, TimeSpan.FromSeconds(5));
        cluster.World.Away = Patience;
        cluster.World.Settings["Formats:Internal"] = "Avro";
        cluster.World.Settings["SchemaRegistry:Url"] = RegistryServer.UrlAt(link.Port);
        await cluster.ApplyAsync("shop-json.json");

        link.Set(LinkTraffic.Refused);
        await using (var first = cluster.Run(1))
        {
            var said = "";
            await Until.TrueAsync(
                async () => (said = (await first.AskAsync("/health/ready")).Text).Contains("has no id yet", StringComparison.Ordinal), "it says what it waits for", Patience, () => said + first.Tail);
            Assert.Contains(first.Log, line => line.Id == 9044);
            link.Heal();
            await first.ReadyAsync(Patience);
            await cluster.World.SellAsync(cluster.World.Shop(30));
            await cluster.SettledAsync(Patience, first);
            link.Set(LinkTraffic.Refused);
            first.Kill();
            await first.ExitAsync();
        }

        await using var second = cluster.Run(1);
        await second.ReadyAsync(Patience);
        await cluster.World.SellAsync(cluster.World.Shop(30, seed: 2) with { FirstOrderId = 1_000 });
        await cluster.SettledAsync(Patience, second);
        second.Terminate();
        Assert.Equal(0, await second.ExitAsync(TimeSpan.FromSeconds(30)));
        using var schemas = registry.OpenSchemas();
        string[] topics =
        [
            .. new[] { Topics.DueOrders, Topics.DeliveryResults, Topics.Commands(Kernel.Calls.Leg.Split) }.Select(topic => Topics.Repartition(cluster.Application, topic)),
            Topics.Shared(cluster.Application, Topics.SettlementEvents),
        ];
        foreach (var record in topics.SelectMany(topic => Records.Of(cluster.Broker.Bootstrap, topic)))
        {
            var schema = Assert.IsType<Schemas.Avro.RecordSchema>(schemas.Find(WireFormat.Read(record.Value, out _)));
            Assert.Contains(MessageSchema.All, message => message.ToString() == schema.Name.Full);
        }

        await cluster.World.SoundAsync();
    }
}
