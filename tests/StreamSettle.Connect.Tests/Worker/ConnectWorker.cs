using System.Diagnostics;
using System.Globalization;
using StreamSettle.Connectors.Connect;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kernel.Failures;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>
/// The one Kafka Connect of a test run, with Debezium, on the run's broker. It takes some 14 s to start, so the first test that needs it starts it. Another one on the same broker is a second worker
/// of the same Connect.
/// </summary>
public sealed class ConnectWorker(KafkaBroker broker) : IAsyncDisposable
{
    static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);

    readonly SemaphoreSlim starting = new(1);
    KafkaProgram? program;
    int port;

    public KafkaBroker Broker => broker;

    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    /// <summary>Starts it where it does not run; skips the test where it cannot.</summary>
    public async Task<ConnectClient> ClientAsync()
    {
        _ = broker.Bootstrap;
        Assert.SkipWhen(broker.Home is null, "no Kafka Connect: the broker is somebody else's; set KAFKA_HOME instead of KAFKA_BOOTSTRAP");
        Assert.SkipUnless(Directory.Exists(broker.Plugins), $"no Debezium: there is no {broker.Plugins}; set CONNECT_PLUGIN_PATH");
        await starting.WaitAsync();
        try
        {
            if (program is null || program.HasExited)
            {
                await StartAsync();
            }
        }
        finally
        {
            starting.Release();
        }

        return new(Url, TimeProvider.System);
    }

    /// <summary>Ends it as the machine's failure would.</summary>
    public async Task KillAsync()
    {
        program!.Kill();
        await program.ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (program?.DisposeAsync() ?? ValueTask.CompletedTask);
        starting.Dispose();
    }

    async Task StartAsync()
    {
        port = port == 0 ? FreePort.Find() : port;
        var settings = Path.Combine(broker.Folder, string.Create(CultureInfo.InvariantCulture, $"connect-{port}.properties"));
        await File.WriteAllTextAsync(settings, Settings());
        await (program?.DisposeAsync() ?? ValueTask.CompletedTask);
        program = KafkaProgram.Start(broker.Home!, "connect-distributed.sh", [settings], Path.Combine(broker.Folder, string.Create(CultureInfo.InvariantCulture, $"connect-{port}-logs")));
        using var client = new ConnectClient(Url, TimeProvider.System);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await client.NamesAsync(default);
                return;
            }
            catch (Exception e) when (e is EnvironmentFailedException or UserMistakeException)
            {
                Assert.True(!program.HasExited && Stopwatch.GetElapsedTime(began) < StartPatience, $"{e.Message}\n{program.Tail}");
            }

            await Eventually.PauseAsync();
        }
    }

    /// <summary>As docs/kafka.md wants it; the rest is for one broker, and short.</summary>
    string Settings() => $"""
        bootstrap.servers={broker.Bootstrap}
        group.id=connect
        key.converter=org.apache.kafka.connect.json.JsonConverter
        value.converter=org.apache.kafka.connect.json.JsonConverter
        config.storage.topic=connect-configs
        offset.storage.topic=connect-offsets
        status.storage.topic=connect-status
        config.storage.replication.factor={broker.Replicas}
        offset.storage.replication.factor={broker.Replicas}
        status.storage.replication.factor={broker.Replicas}
        offset.storage.partitions=1
        status.storage.partitions=1
        offset.flush.interval.ms=1000
        scheduled.rebalance.max.delay.ms=0
        listeners={Url.GetLeftPart(UriPartial.Authority)}
        plugin.path={broker.Plugins}
        plugin.discovery=hybrid_warn
        """;
}

/// <summary>Tests that share the worker, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ConnectTests : ICollectionFixture<ConnectWorker>
{
    public const string Name = "connect";
}
