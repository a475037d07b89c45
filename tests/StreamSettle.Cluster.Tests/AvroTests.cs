using System.Net;
using System.Text.Json;
using Confluent.Kafka;
using StreamSettle.App.Http;
using StreamSettle.App.Http.Answers;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Schemas.Registry;
using StreamSettle.Tests.Links;
using StreamSettle.Topology.Names;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>Orders on the whole road in Avro, with a schema registry that is away for the service now and then.</summary>
[Collection(ConnectTests.Name)]
public sealed class AvroTests(TestPostgres postgres, ConnectWorker connect)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task What_needs_a_schema_waits_for_the_registry_and_all_else_goes_on_without_it()
    {
        await using var registry = await RegistryServer.StartAsync(connect.Broker);
        await using var link = CuttableLink.To(registry.Port);
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, Delay);
        cluster.World.Settings["Source:Format"] = "Avro";
        cluster.World.Settings["SchemaRegistry:Url"] = RegistryServer.UrlAt(link.Port);
        cluster.World.Settings["Connect:RegistryUrl"] = registry.NativeUrl;
        await cluster.World.SellAsync(cluster.World.Shop(50));
        await cluster.ApplyAsync("shop-avro.json");

        link.Set(LinkTraffic.Refused);
        await using var service = cluster.Run();
        await WaitsForASchemaAsync(service, "streamsettle.DeliveryCommand has no id yet");
        Assert.Equal(0, cluster.World.Downstreams.Effects.Count);
        link.Heal();
        await service.ReadyAsync(Patience);
        await cluster.SettledAsync(Patience, service);

        // What is known goes on.
        link.Set(LinkTraffic.Refused);
        await cluster.World.SellAsync(cluster.World.Shop(50, seed: 2) with { FirstOrderId = 1_000 });
        await cluster.SettledAsync(Patience, service);

        // Debezium writes by another schema from the next change on.
        await cluster.World.ExecuteAsync("alter table orders add column gift text");
        await cluster.World.SellAsync(cluster.World.Shop(50, seed: 3) with { FirstOrderId = 2_000 });
        await WaitsForASchemaAsync(service, "for schema ");
        link.Heal();
        await service.ReadyAsync(Patience);
        var status = Assert.Single(await cluster.SettledAsync(Patience, service));
        Assert.Equal(0, status.DeadLetters);
        await KeptForAPersonAsync(cluster, service);
        service.Terminate();
        Assert.Equal(0, await service.ExitAsync(TimeSpan.FromSeconds(30)));
        await cluster.World.SoundAsync();
    }

    /// <summary>A change by a schema of which the registry says that it does not exist is in the dead letters as it came, on Kafka too, and the service goes on.</summary>
    static async Task KeptForAPersonAsync(ClusterWorld cluster, ServiceProcess service)
    {
        // An id that no registry has given, and behind it what is no text.
        byte[] unknown = [WireFormat.Magic, 0x7f, 0xff, 0xff, 0x01, 0x02, 0xff, 0xfe, 0x00];
        var orders = Topics.Orders(cluster.World.Settings["Source:Topic"]);
        using (var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = cluster.Broker.Bootstrap }).Build())
        {
            await producer.ProduceAsync(orders, new() { Key = Records.Of(cluster.Broker.Bootstrap, orders)[0].Key, Value = unknown });
        }

        DeadLetterList? list = null;
        await Until.TrueAsync(
            async () => (list = JsonSerializer.Deserialize((await service.AskAsync("/api/v1/dead-letters")).Text, ApiJson.Default.DeadLetterList))?.Items.Count == 1, "there is a dead letter", Patience, () => service.Tail);
        var letter = JsonSerializer.Deserialize((await service.AskAsync($"/api/v1/dead-letters/{list!.Items[0].Id}")).Text, ApiJson.Default.DeadLetterAnswer)!;
        Assert.Equal(orders, letter.Topic);
        Assert.Contains($"the schema registry has no schema {0x7fffff01}", letter.Reason, StringComparison.Ordinal);
        Assert.Equal(Convert.ToBase64String(unknown), letter.Payload);
        var kept = Records.Of(cluster.Broker.Bootstrap, Topics.Shared(cluster.Application, Topics.DeadLetters));
        Assert.Contains(kept, record => record.Value.AsSpan().IndexOf(unknown) >= 0);
        Assert.Equal(HttpStatusCode.OK, (await service.AskAsync("/health/ready")).Status);
    }

    static async Task WaitsForASchemaAsync(ServiceProcess service, string whatFor)
    {
        var said = "";
        await Until.TrueAsync(
            async () =>
            {
                var answer = await service.AskAsync("/health/ready");
                said = answer.Text;
                return answer.Status == HttpStatusCode.ServiceUnavailable && said.Contains(whatFor, StringComparison.Ordinal) && said.Contains("cannot be reached", StringComparison.Ordinal);
            },
            "the service says that it waits for a schema", Patience, () => $"{said}\n{service.Tail}");
    }
}
