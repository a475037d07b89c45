using System.Globalization;
using StreamSettle.App.Http.Answers;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Auditing;
using StreamSettle.Sandbox.Kafka;

namespace StreamSettle.App.Demo;

/// <summary>Two instances on a private Kafka, with Debezium on a private Connect. One of them is killed while orders are settled, and started again once the other has taken over.</summary>
sealed class KafkaDemoService : IDemoService
{
    /// <summary>Enough for two instances to share; each costs a little in every transaction.</summary>
    const int Partitions = 8;

    const string Application = "settle";
    const string Topic = "shop";

    /// <summary>How long a killed instance is waited for, in ms: the least that Kafka's brokers allow by default.</summary>
    const string SessionTimeoutMs = "6000";

    static readonly TimeSpan ReadyPatience = TimeSpan.FromMinutes(3);

    readonly DemoWorld world;
    readonly KafkaHome home;
    readonly PrivateBroker broker;
    readonly PrivateConnect connect;
    readonly ServiceInstance first;
    readonly KilledInstance second;

    KafkaDemoService(DemoWorld world, KafkaHome home, PrivateBroker broker, PrivateConnect connect, ServiceInstance first, KilledInstance second) =>
        (this.world, this.home, this.broker, this.connect, this.first, this.second) = (world, home, broker, connect, first, second);

    public string Address => first.Address;

    public string News => second.News;

    public bool IsAtRest => second.IsBack;

    public IReadOnlyDictionary<string, string?> ForCommands => Cluster(broker, connect);

    /// <summary>While an instance is missed nobody decides for its partitions, and what became ready then is sent at once, the older mark first.</summary>
    public AuditOptions Tolerance => new() { Grace = DemoOptions.Grace + second.Away, OrderSlack = TimeSpan.FromSeconds(1) + second.Away };

    /// <summary>Starts all of it; on failure nothing of it is left.</summary>
    /// <param name="orders">That the shop will sell.</param>
    public static async Task<KafkaDemoService> StartAsync(DemoWorld world, KafkaHome download, int orders, TimeProvider time, CancellationToken stop)
    {
        await using var half = new Started();
        var home = download.Whole(world.Folder);
        var broker = half.Add(await PrivateBroker.StartAsync(new() { Home = home, Folder = Path.Combine(world.Folder, "kafka-broker") }, stop));
        Console.WriteLine($"Kafka {broker.Bootstrap} runs; starting Connect with Debezium, and two instances of the service ...");
        var connect = half.Add(await PrivateConnect.StartAsync(new() { Home = home, Bootstrap = broker.Bootstrap, Folder = Path.Combine(world.Folder, "kafka-connect") }, stop));
        var cluster = Cluster(broker, connect);
        var forConnectors = SettingsFile.Write(world.Folder, "connectors", world.Settings("none", DemoWorld.AnyUrl).Concat(cluster).ToDictionary());
        foreach (var line in await ServiceInstance.CommandAsync(world.Folder, forConnectors, stop, "connectors", "apply"))
        {
            Console.WriteLine(line);
        }

        ServiceInstance Instance(int number, string url) => ServiceInstance.Start(world.Folder, NameOf(number), InstanceSettings(world, cluster, number, url));
        var first = half.Add(Instance(1, DemoWorld.UsualUrl()));
        var second = half.Add(new KilledInstance(() => Instance(2, DemoWorld.AnyUrl), NameOf(2), orders, time));
        await Task.WhenAll(first.ListensAsync(stop), second.ListensAsync(stop));
        var service = new KafkaDemoService(world, home, broker, connect, first, second);
        await service.UntilReadyAsync(time, stop);
        half.Keep();
        return service;
    }

    public IEnumerable<string> Looks(string settingsFile) =>
    [
        $"./streamsettle connectors status --config {settingsFile}",
        $"{home.Program("kafka-topics.sh")} --bootstrap-server {broker.Bootstrap} --list",
        $"{home.Program("kafka-consumer-groups.sh")} --bootstrap-server {broker.Bootstrap} --describe --group {Application}",
        $"{home.Program("kafka-console-consumer.sh")} --bootstrap-server {broker.Bootstrap} --from-beginning --max-messages 3 --topic {Topic}.public.orders",
    ];

    public async Task<StatusAnswer?> StatusAsync(CancellationToken stop)
    {
        var status = await first.StatusAsync(stop);
        if (status is not null)
        {
            await second.StepAsync(status, stop);
        }

        return status;
    }

    public async Task WaitAsync(CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        while (await ticks.WaitForNextTickAsync(stop))
        {
            first.RequireAlive();
            second.RequireAlive();
        }
    }

    /// <summary>All at once: nothing of them is kept.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(first.DisposeAsync().AsTask(), second.DisposeAsync().AsTask(), connect.DisposeAsync().AsTask(), broker.DisposeAsync().AsTask());

    async Task UntilReadyAsync(TimeProvider time, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        StatusAnswer? status;
        while ((status = await first.StatusAsync(stop)) is null || !KilledInstance.AllShare(status))
        {
            second.RequireAlive();
            if (time.GetElapsedTime(began) > ReadyPatience)
            {
                throw new EnvironmentFailedException($"the instances were not ready within {ReadyPatience.TotalSeconds} s: {string.Join("; ", status?.NotReady ?? ["the first does not answer"])}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), time, stop);
        }
    }

    /// <summary>What all of the application's processes are told alike.</summary>
    static Dictionary<string, string?> Cluster(PrivateBroker broker, PrivateConnect connect) => new()
    {
        ["Transport"] = "Kafka",
        ["Partitions"] = Partitions.ToString(CultureInfo.InvariantCulture),
        ["Kafka:BootstrapServers"] = broker.Bootstrap,
        ["Kafka:ApplicationId"] = Application,
        ["Kafka:ReplicationFactor"] = "1",
        ["Kafka:Standbys"] = "1",
        ["Kafka:session.timeout.ms"] = SessionTimeoutMs,
        ["Connect:Url"] = connect.Url.ToString(),
        ["Connect:Directory"] = Path.Combine(AppContext.BaseDirectory, "connectors"),
        ["Source:Topic"] = Topic,
    };

    static Dictionary<string, string?> InstanceSettings(DemoWorld world, Dictionary<string, string?> cluster, int number, string url) =>
        new(world.Settings($"state-{number}", url).Concat(cluster)) { ["Kafka:InstanceId"] = NameOf(number) };

    static string NameOf(int instance) => string.Create(CultureInfo.InvariantCulture, $"{Application}-{instance}");

    /// <summary>What was started so far: all of it ends when the rest does not start.</summary>
    sealed class Started : IAsyncDisposable
    {
        readonly Stack<IAsyncDisposable> parts = new();

        public T Add<T>(T part)
            where T : IAsyncDisposable
        {
            parts.Push(part);
            return part;
        }

        /// <summary>Somebody else disposes of it now.</summary>
        public void Keep() => parts.Clear();

        public async ValueTask DisposeAsync()
        {
            while (parts.TryPop(out var part))
            {
                await part.DisposeAsync();
            }
        }
    }
}
