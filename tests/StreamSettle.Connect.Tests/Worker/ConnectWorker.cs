using System.Globalization;
using StreamSettle.Connectors.Connect;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Sandbox.Kafka;
using Xunit;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>
/// The one Kafka Connect of a test run, with Debezium, on the run's broker. It takes some 14 s to start, so the first test that needs it starts it. Another one on the same broker is a second worker
/// of the same Connect.
/// </summary>
public sealed class ConnectWorker(KafkaBroker broker) : IAsyncDisposable
{
    readonly SemaphoreSlim starting = new(1);
    PrivateConnect? worker;
    Uri? url;

    public KafkaBroker Broker => broker;

    public Uri Url => url!;

    /// <summary>Starts it where it does not run; skips the test where it cannot.</summary>
    public async Task<ConnectClient> ClientAsync()
    {
        _ = broker.Bootstrap;
        Assert.SkipWhen(broker.Home is null, "no Kafka Connect: the broker is somebody else's; set KAFKA_HOME instead of KAFKA_BOOTSTRAP");
        Assert.SkipUnless(Directory.Exists(broker.Plugins), $"no Debezium: there is no {broker.Plugins}; set CONNECT_PLUGIN_PATH");
        await starting.WaitAsync();
        try
        {
            worker ??= await StartAsync();
            url = worker.Url;
        }
        finally
        {
            starting.Release();
        }

        return new(Url, TimeProvider.System);
    }

    /// <summary>Ends it as the machine's failure would; the next one is where it was.</summary>
    public async Task KillAsync()
    {
        await worker!.DisposeAsync();
        worker = null;
    }

    public async ValueTask DisposeAsync()
    {
        await (worker?.DisposeAsync() ?? ValueTask.CompletedTask);
        starting.Dispose();
    }

    Task<PrivateConnect> StartAsync()
    {
        var replicas = broker.Replicas.ToString(CultureInfo.InvariantCulture);
        return PrivateConnect.StartAsync(new()
        {
            Home = new(broker.Home!, broker.Plugins!), Bootstrap = broker.Bootstrap, Url = url, Folder = Path.Combine(broker.Folder, $"connect-{Guid.NewGuid():N}"),
            Settings = new Dictionary<string, string>
            {
                // Apicurio's converters have no manifest.
                ["plugin.discovery"] = "hybrid_warn",
                ["config.storage.replication.factor"] = replicas,
                ["offset.storage.replication.factor"] = replicas,
                ["status.storage.replication.factor"] = replicas,
            },
        });
    }
}

/// <summary>Tests that share the worker, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ConnectTests : ICollectionFixture<ConnectWorker>
{
    public const string Name = "connect";
}
