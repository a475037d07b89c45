using System.Globalization;
using System.Text.Json;
using StreamSettle.App.Http;
using StreamSettle.App.Http.Answers;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Cluster.Tests.Around;

/// <summary>A world whose shop Debezium reads, and whose service runs on a cluster in one or several instances.</summary>
sealed class ClusterWorld : IAsyncDisposable
{
    /// <summary>How long nothing may change before all counts as settled.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    /// <summary>Above every id that a world sells otherwise.</summary>
    const long LastOrders = 95_000_000;

    readonly ConnectWorker connect;
    int instances;
    int lastOrders;

    ClusterWorld(World world, ConnectWorker connect) => (World, this.connect) = (world, connect);

    public World World { get; }

    public KafkaBroker Broker => connect.Broker;

    /// <summary>Consumer group and prefix of the application's topics.</summary>
    public string Application => World.Settings["Kafka:ApplicationId"];

    /// <param name="partitions">Of every topic.</param>
    public static async Task<ClusterWorld> CreateAsync(TestPostgres postgres, ConnectWorker connect, TimeSpan delay, int partitions = 4, FaultPlan? faults = null)
    {
        var broker = connect.Broker;
        (await connect.ClientAsync()).Dispose();
        var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), delay, faults);
        world.Settings["Transport"] = "Kafka";
        world.Settings["Partitions"] = partitions.ToString(CultureInfo.InvariantCulture);
        world.Settings["Kafka:BootstrapServers"] = broker.Bootstrap;
        world.Settings["Kafka:ApplicationId"] = broker.NewName("settle");
        world.Settings["Kafka:session.timeout.ms"] = "6000";
        world.Settings["Source:Topic"] = broker.NewName("shop");
        world.Settings["Source:CompletedSince"] = "2020-01-01T00:00:00Z";
        world.Settings["Connect:Url"] = connect.Url.ToString();
        return new(world, connect);
    }

    /// <summary>The connector's file under a name of this world's own, so that the worlds of a run leave each other alone.</summary>
    /// <param name="file">One of those that come along.</param>
    public async Task ApplyAsync(string file = "shop-json.json")
    {
        var folder = Directory.CreateDirectory(Path.Combine(World.Folder, "connectors")).FullName;
        File.Copy(Path.Combine(AppContext.BaseDirectory, "connectors", file), Path.Combine(folder, $"{Connector}.json"), overwrite: true);
        World.Settings["Connect:Directory"] = folder;
        World.Settings["Connect:Connector"] = Connector;
        var (code, output, errors) = await World.CommandAsync("connectors", "apply", Connector);
        Assert.True(code == 0, $"{output}\n{errors}");
    }

    /// <summary>Its name on the Connect cluster.</summary>
    public string Connector => $"{World.Settings["Source:Topic"]}-json";

    /// <summary>Another instance, with a state directory of its own.</summary>
    public ServiceProcess Run() => Run(++instances);

    /// <summary>The instance of that number, again or for the first time.</summary>
    public ServiceProcess Run(int instance)
    {
        Dictionary<string, string> settings = new(World.Settings, StringComparer.OrdinalIgnoreCase)
        {
            ["StateDirectory"] = StateDirectory(instance),
        };
        return ServiceProcess.Start(World.Folder, settings, "run");
    }

    public string StateDirectory(int instance) => Path.Combine(World.Folder, string.Create(CultureInfo.InvariantCulture, $"state{instance}"));

    /// <summary>What one instance alone counts.</summary>
    public async Task<StatusAnswer> OwnStatusAsync(ServiceProcess service) =>
        JsonSerializer.Deserialize((await service.AskAsync("/api/v1/status?scope=instance")).Text, ApiJson.Default.StatusAnswer)!;

    /// <summary>Waits until all instances together have nothing left to do of all that the shop has done until now.</summary>
    public async Task<IReadOnlyList<StatusAnswer>> SettledAsync(TimeSpan within, params IReadOnlyList<ServiceProcess> services)
    {
        await ReadAllAsync(within, services);
        List<StatusAnswer> last = [];
        var (quiet, before) = (System.Diagnostics.Stopwatch.StartNew(), (0L, 0L));
        await Until.TrueAsync(
            async () =>
            {
                var answers = await Task.WhenAll(services.Select(service => service.StatusAsync()));
                last = [.. answers.OfType<StatusAnswer>()];
                var now = last.Count == 0 ? (0, 0) : (last[0].Source.Changes, last[0].Audit.Events);
                if (last.Count < services.Count || !last.TrueForAll(Settled.NothingLeft) || now != before)
                {
                    quiet.Restart();
                }

                before = now;
                return quiet.Elapsed >= Quiet;
            },
            "nothing is left to do", within, () => string.Join('\n', last.Select(status => status.ToString()).Concat(services.Select(service => service.Tail))));
        return last;
    }

    /// <summary>
    /// What is on its way from the shop's database shows in no count, and may be later than any quiet. Settle waits for the slowest clock: once it calls for an order
    /// that was sold last, all that happened before has been read.
    /// </summary>
    async Task ReadAllAsync(TimeSpan within, IReadOnlyList<ServiceProcess> services)
    {
        var last = LastOrders + ++lastOrders;
        await World.SellAsync(World.Shop(1) with { FirstOrderId = last, Fates = FateShares.None });
        var (key, seen) = (string.Create(CultureInfo.InvariantCulture, $"{last}:"), 0L);
        await Until.TrueAsync(
            () =>
            {
                var news = World.Downstreams.Effects.Read(seen, int.MaxValue);
                seen += news.Count;
                return news.Any(effect => effect.Key.StartsWith(key, StringComparison.Ordinal));
            },
            "the order that was sold last is called for", within, () => string.Join('\n', services.Select(service => service.Tail)));
    }

    public async ValueTask DisposeAsync()
    {
        await World.CommandAsync("connectors", "delete", Connector);
        await World.DisposeAsync();
    }
}
