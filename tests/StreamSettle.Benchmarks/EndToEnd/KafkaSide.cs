using System.Globalization;
using StreamSettle.App.Demo;
using StreamSettle.Sandbox.Kafka;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>The cluster of a run: a broker, and Connect with Debezium, as servers run that run for long.</summary>
sealed class KafkaSide : IAsyncDisposable
{
    /// <summary>What docker-compose.yml gives each.</summary>
    static readonly JavaOptions Java = new() { HeapMb = 1024, QuickStart = false };

    readonly PrivateBroker broker;
    readonly PrivateConnect connect;

    KafkaSide(PrivateBroker broker, PrivateConnect connect) => (this.broker, this.connect) = (broker, connect);

    public int BrokerProcess => broker.ProcessId;

    public int ConnectProcess => connect.ProcessId;

    public static async Task<KafkaSide> StartAsync(string folder)
    {
        var home = KafkaHome.Find().Whole(folder);
        var broker = await PrivateBroker.StartAsync(new() { Home = home, Folder = Path.Combine(folder, "kafka-broker"), Java = Java });
        try
        {
            return new(broker, await PrivateConnect.StartAsync(new() { Home = home, Bootstrap = broker.Bootstrap, Folder = Path.Combine(folder, "kafka-connect"), Java = Java }));
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the service is told of it.</summary>
    public Dictionary<string, string?> Settings(int partitions, string host) => new()
    {
        ["Transport"] = "Kafka",
        ["Partitions"] = partitions.ToString(CultureInfo.InvariantCulture),
        ["Kafka:BootstrapServers"] = broker.Bootstrap,
        ["Kafka:Host"] = host,
        ["Kafka:ReplicationFactor"] = "1",
        ["Connect:Url"] = connect.Url.ToString(),
        ["Connect:Directory"] = Path.Combine(AppContext.BaseDirectory, "connectors"),
        ["Source:Topic"] = "shop",
    };

    /// <summary>Debezium begins to read the shop.</summary>
    public static Task ApplyAsync(string folder, IReadOnlyDictionary<string, string?> settings) =>
        ServiceInstance.CommandAsync(folder, SettingsFile.Write(folder, "connectors", settings), CancellationToken.None, "connectors", "apply");

    public async ValueTask DisposeAsync()
    {
        await connect.DisposeAsync();
        await broker.DisposeAsync();
    }
}
