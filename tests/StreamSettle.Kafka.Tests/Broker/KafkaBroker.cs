using StreamSettle.Sandbox.Kafka;
using Testcontainers.Kafka;
using Xunit;

[assembly: AssemblyFixture(typeof(StreamSettle.Kafka.Tests.Broker.KafkaBroker))]

namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>
/// The one broker of a test run: <c>KAFKA_BOOTSTRAP</c> if set, else one started from <c>KAFKA_HOME</c> (default: <c>../shared/kafka</c> beside the checkout), else one in a
/// container where there is an engine, else the tests are skipped with the reason. Where CI is and the default is there, none is skipped. Tests take names of their own (<see cref="NewName"/>).
/// </summary>
public sealed class KafkaBroker : IAsyncLifetime
{
    BrokerServer? server;
    BrokerCluster? cluster;
    KafkaContainer? container;
    bool hasThree;
    string? bootstrap;
    string? missing;
    int names;

    /// <summary>Skips the test where there is no broker.</summary>
    public string Bootstrap
    {
        get
        {
            Assert.SkipWhen(missing is not null, missing ?? "");
            return bootstrap!;
        }
    }

    /// <summary>Of every topic.</summary>
    public int Replicas => cluster?.Servers.Count ?? 1;

    /// <summary>Three of one test's own instead, of a download: any one of them may go away.</summary>
    public static KafkaBroker OfThree() => new() { hasThree = true };

    /// <summary>The three; skips the test where there is no download to start them from.</summary>
    public BrokerCluster Cluster
    {
        get
        {
            _ = Bootstrap;
            Assert.SkipWhen(cluster is null, "three brokers are started from a download alone: set KAFKA_HOME");
            return cluster!;
        }
    }

    /// <summary>The download whose broker it is, with programs that can be run; null where the broker is somebody else's.</summary>
    public string? Home { get; private set; }

    /// <summary>The broker itself; skips the test where it is somebody else's.</summary>
    public BrokerServer Server
    {
        get
        {
            _ = Bootstrap;
            Assert.SkipWhen(server is null, "the broker is somebody else's, who would not want it ended: set KAFKA_HOME");
            return server!;
        }
    }

    /// <summary>Where Kafka Connect's plugins are (<see cref="KafkaHome.PluginsOf"/>).</summary>
    public string? Plugins { get; private set; }

    /// <summary>Everything of this run, deleted at its end.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"streamsettle-kafka-{Environment.ProcessId}-{Guid.NewGuid():N}"[..40]);

    /// <summary>A prefix that no other test has.</summary>
    public string NewName(string what) => $"{what}-{Interlocked.Increment(ref names)}-{Path.GetFileName(Folder)[^6..]}";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        bootstrap = Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP");
        if (!string.IsNullOrEmpty(bootstrap))
        {
            return;
        }

        var given = Environment.GetEnvironmentVariable("KAFKA_HOME");
        var home = string.IsNullOrEmpty(given) ? FindShared(AppContext.BaseDirectory) : given;
        if (home is null || !File.Exists(Path.Combine(home, "bin", KafkaHome.ServerStart)))
        {
            (container, missing) = await ContainerBroker.StartAsync();
            missing = missing is null ? null : $"no broker: set KAFKA_BOOTSTRAP, or KAFKA_HOME to a Kafka download ({home ?? "../shared/kafka"} has no bin/kafka-server-start.sh), or start a container engine ({missing})";
            bootstrap = container?.GetBootstrapAddress();
            return;
        }

        Home = KafkaHome.WholeFolder(Path.GetFullPath(home), Folder);
        Plugins = KafkaHome.PluginsOf(home);
        if (hasThree)
        {
            cluster = await BrokerCluster.StartAsync(Home, Path.Combine(Folder, "brokers"));
            bootstrap = cluster.Bootstrap;
            return;
        }

        server = await BrokerServer.StartAsync(Home, Path.Combine(Folder, "broker"));
        bootstrap = server.Bootstrap;
    }

    public async ValueTask DisposeAsync()
    {
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (container?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(Folder, recursive: true);
    }

    static string? FindShared(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StreamSettle.sln")))
            {
                return Path.Combine(folder.Parent!.FullName, "shared", "kafka");
            }
        }

        return null;
    }
}
