using StreamSettle.Sandbox.Kafka;
using Xunit;

[assembly: AssemblyFixture(typeof(StreamSettle.Kafka.Tests.Broker.KafkaBroker))]

namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>
/// The one broker of a test run: <c>KAFKA_BOOTSTRAP</c> if set, else one started from <c>KAFKA_HOME</c> (default: <c>../shared/kafka</c> beside the checkout), else the tests are
/// skipped with the reason. Where CI is and the default is there, none is skipped. Tests take names of their own (<see cref="NewName"/>).
/// </summary>
public sealed class KafkaBroker : IAsyncLifetime
{
    BrokerServer? server;
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

    /// <summary>The download whose broker it is, with programs that can be run; null where the broker is somebody else's.</summary>
    public string? Home { get; private set; }

    /// <summary>The broker itself; skips the test where it is somebody else's.</summary>
    public BrokerServer Server
    {
        get
        {
            _ = Bootstrap;
            Assert.SkipWhen(server is null, "the broker is somebody else's, who would not want it ended: set KAFKA_HOME instead of KAFKA_BOOTSTRAP");
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
            missing = $"no broker: set KAFKA_BOOTSTRAP, or KAFKA_HOME to a Kafka download ({home ?? "../shared/kafka"} has no bin/kafka-server-start.sh)";
            return;
        }

        Home = KafkaHome.WholeFolder(Path.GetFullPath(home), Folder);
        Plugins = KafkaHome.PluginsOf(home);
        server = await BrokerServer.StartAsync(Home, Path.Combine(Folder, "broker"));
        bootstrap = server.Bootstrap;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

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
