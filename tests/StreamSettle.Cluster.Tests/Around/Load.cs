using System.Diagnostics;
using System.Globalization;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Integration.Tests.Kills;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Cluster.Tests.Around;

/// <summary>A cluster whose shop sells all the time, while a test does what it likes to all that is around. In the end everything is judged from source, effects and event log.</summary>
sealed class Load : IAsyncDisposable
{
    /// <summary>Java programs and several services on a machine that does other things meanwhile.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(4);

    static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    /// <summary>Twice the default: Connect shares two cores with several services, and is to be late by what a test does, not by that.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    /// <summary>Longer than a call may hang, and than it waits before it is sent again.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>Some orders are taken back before their mark: what was cancelled unseen must not be paid.</summary>
    static readonly FateShares ManyTakenBack = new() { CancelledAfterCompletion = 0.05, Disputed = 0.03, RefundedPartlyBefore = 0.05, RefundedWhollyBefore = 0.03 };

    readonly EndlessShop shop;
    readonly Dictionary<int, ServiceProcess> running = [];
    readonly Stopwatch lasted = Stopwatch.StartNew();
    string health = "";

    Load(ClusterWorld cluster, int seed)
    {
        Cluster = cluster;
        shop = new(World, World.Shop(orders: 100, perSecond: 10, seed) with { Fates = ManyTakenBack });
    }

    public ClusterWorld Cluster { get; }

    public World World => Cluster.World;

    /// <summary>Instances that run, by their number.</summary>
    public IReadOnlyDictionary<int, ServiceProcess> Running => running;

    /// <summary>Calls that any system has had.</summary>
    public int Calls => World.Downstreams.Effects.Count;

    /// <summary>A cluster at work: Debezium reads, that many instances share the work, calls are made.</summary>
    /// <param name="host"><c>Kafka:Host</c>.</param>
    public static async Task<Load> StartAsync(TestPostgres postgres, ConnectWorker connect, int seed, int instances = 2, string host = "Native")
    {
        var cluster = await ClusterWorld.CreateAsync(postgres, connect, Delay, faults: GentleFaults.Plan(seed));
        cluster.World.Silence = Silence;
        cluster.World.Settings["Kafka:Standbys"] = "1";
        cluster.World.Settings["Kafka:Host"] = host;
        var load = new Load(cluster, seed);
        try
        {
            await load.World.SellAsync(load.World.Shop(10) with { FirstOrderId = 90_000_001 });
            await cluster.ApplyAsync();
            await load.RunAsync([.. Enumerable.Range(1, instances)]);
            load.shop.Open();
            await load.GoesOnAsync();
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts instances at once, each with the state that it had, and waits until each is ready and hears all that run.</summary>
    public async Task RunAsync(params IReadOnlyList<int> numbers)
    {
        foreach (var number in numbers)
        {
            running[number] = Cluster.Run(number);
        }

        await AllReadyAsync();
    }

    /// <summary>Waits until each instance is ready and hears all that run.</summary>
    public async Task AllReadyAsync()
    {
        await Task.WhenAll(running.Values.Select(service => service.ReadyAsync(Patience)));
        await Until.TrueAsync(async () => (await Task.WhenAll(running.Values.Select(HearsAllAsync))).All(hears => hears), "each instance hears all", Patience, Said);
    }

    /// <summary>Ends an instance by kill -9; it is not started again by itself.</summary>
    public async Task KillAsync(int number)
    {
        running.Remove(number, out var service);
        service!.Kill();
        await service.ExitAsync();
        await service.DisposeAsync();
    }

    /// <summary>Lets an instance end in good order.</summary>
    public async Task StopAsync(int number)
    {
        running.Remove(number, out var service);
        service!.Terminate();
        Assert.Equal(0, await service.ExitAsync(TimeSpan.FromSeconds(60)));
        await service.DisposeAsync();
    }

    /// <summary>Waits until orders whose marks pass from now on are settled, which needs every partition: settle waits for the slowest clock.</summary>
    /// <returns>How long it took to the first call for one of them.</returns>
    public async Task<TimeSpan> GoesOnAsync() => await GoesOnAsync(told: null) ?? throw new InvalidOperationException("nothing else was to happen");

    /// <summary>The same, or until an instance tells that a transaction is never decided.</summary>
    /// <returns>Null where that is told.</returns>
    public Task<TimeSpan?> GoesOnOrTellsAsync() => GoesOnAsync(told => told.Contains("find-hanging", StringComparison.Ordinal));

    /// <param name="told">Whether what all say of themselves ends it; null where one of them may answer nobody.</param>
    async Task<TimeSpan?> GoesOnAsync(Func<string, bool>? told)
    {
        var from = UtcInstant.Now(TimeProvider.System);
        var (seen, took) = ((long)Calls, (TimeSpan?)null);
        await Until.TrueAsync(
            async () =>
            {
                var news = World.Downstreams.Effects.Read(seen, int.MaxValue);
                seen += news.Count;
                var called = news.GroupBy(entry => CallKey.TryParse(entry.Key, out var key) ? key.Order.Value : 0).ToDictionary(order => order.Key, order => order.First().ArrivedAt);
                var later = called.Count == 0 ? 0 : await FirstDueAsync(from, called.Keys);
                took = later == 0 ? took : called[later] - from;
                if (later != 0 || told is null)
                {
                    return later != 0;
                }

                health = string.Join('\n', await Task.WhenAll(running.Select(async service => $"instance {service.Key} is {(await service.Value.AskAsync("/health/ready")).Text}")));
                return told(health);
            },
            "orders are settled whose marks pass from now on", Patience, Said);
        return took;
    }

    /// <summary>Waits until the calls that were decided have come to their end.</summary>
    /// <returns>How many calls there have been.</returns>
    public async Task<int> AtRestAsync()
    {
        var (calls, quiet) = (Calls, Stopwatch.StartNew());
        await Until.TrueAsync(
            () =>
            {
                if (Calls != calls)
                {
                    calls = Calls;
                    quiet.Restart();
                }

                return quiet.Elapsed >= Quiet;
            },
            "no call is made any more", Patience, Said);
        return calls;
    }

    /// <summary>Waits until the marks of so many further orders have passed in the shop, whether anybody settles them or not.</summary>
    public async Task MarksPassAsync(int orders)
    {
        Task<long> PassedAsync() => World.QueryAsync<long>(string.Create(CultureInfo.InvariantCulture, $"select count(*) from orders where completed_at < now() - interval '{Delay.TotalSeconds} s'"));
        var before = await PassedAsync();
        await Until.TrueAsync(async () => await PassedAsync() >= before + orders, $"{orders} marks pass", Patience);
    }

    /// <summary>The last words of all that run, and how they were when they were asked last.</summary>
    public string Said() => $"{string.Join('\n', running.Select(service => $"instance {service.Key}:\n{service.Value.Tail}"))}\n{health}";

    /// <summary>Closes the shop, lets everything settle, and judges it all: nothing is lost, doubled, early, or out of order.</summary>
    public async Task SoundAsync()
    {
        await AllReadyAsync();
        var (created, edited) = await shop.CloseAsync();
        var settled = await Cluster.SettledAsync(Patience, [.. running.Values]);
        World.Away = lasted.Elapsed;
        await World.SoundAsync();
        Console.WriteLine($"cluster: {created} orders, {edited} edits, {settled[0].Flow.Completed} completed as counted now, {settled[0].DeadLetters} dead letters in {lasted.Elapsed.TotalSeconds:F0} s");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in running.Values)
        {
            await service.DisposeAsync();
        }

        shop.Abandon();
        await Cluster.DisposeAsync();
    }

    async Task<bool> HearsAllAsync(ServiceProcess service) =>
        await service.StatusAsync() is { } status && status.Instances.Count == running.Count && status.Instances.All(instance => instance.State is "heard" or "this one");

    /// <summary>One of the orders whose mark passes after an instant; 0 where there is none.</summary>
    Task<long> FirstDueAsync(UtcInstant after, IEnumerable<long> orders) => World.QueryAsync<long>(string.Create(
        CultureInfo.InvariantCulture,
        $"select coalesce(min(order_id), 0) from orders where order_id in ({string.Join(',', orders)}) and completed_at >= '{after - Delay}'"));
}
