using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using StreamSettle.Kafka.Tests.Broker;
using Xunit;

namespace StreamSettle.Kafka.Tests.Hosted;

/// <summary>The delaying application under names of its own, its instances as processes: orders go in, each is to fire once and count once.</summary>
sealed class Orders : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly string bootstrap;
    readonly string folder;
    readonly string application;
    readonly int partitions;
    readonly IProducer<string, string> producer;
    readonly IConsumer<string, string> consumer;
    readonly Dictionary<string, List<string>> fired = [];
    readonly List<HostProcess> hosts = [];
    int sent;

    public Orders(KafkaBroker broker, int partitions)
        : this(broker.Bootstrap, broker.NewName("orders"), broker.Folder, partitions)
    {
    }

    /// <param name="bootstrap">Of any brokers.</param>
    /// <param name="application">A name that nobody else has there.</param>
    /// <param name="folder">For the instances' state.</param>
    public Orders(string bootstrap, string application, string folder, int partitions)
    {
        this.bootstrap = bootstrap;
        this.application = application;
        this.folder = folder;
        this.partitions = partitions;
        producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = bootstrap, LingerMs = 5, Partitioner = Partitioner.Murmur2Random, EnableIdempotence = true,
        }).Build();
        consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrap, GroupId = application + "-outside", IsolationLevel = IsolationLevel.ReadCommitted, EnableAutoCommit = false,
        }).Build();
    }

    public int Standbys { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>How long the group waits for a member that says nothing.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a transaction may be open.</summary>
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Else without transactions.</summary>
    public bool ExactlyOnce { get; init; } = true;

    /// <summary>Tasks of all instances together.</summary>
    public int Tasks => 2 * partitions;

    public int Sent => sent;

    public string Directory(string instance) => Path.Combine(folder, application, instance);

    /// <param name="more">Arguments for the program beside its own.</param>
    public HostProcess Start(string instance, params string[] more)
    {
        var host = HostProcess.Start(
        [
            bootstrap, application, application + ".", Text(partitions), Text(Threads), instance, Directory(instance), Text(Standbys), Text((int)TransactionTimeout.TotalMilliseconds),
            ExactlyOnce.ToString(),
            $"session.timeout.ms={Text((int)SessionTimeout.TotalMilliseconds)}", $"heartbeat.interval.ms={Text((int)SessionTimeout.TotalMilliseconds / 5)}", .. more,
        ]);
        hosts.Add(host);
        return host;
    }

    /// <summary>Orders whose marks pass so much later.</summary>
    public void Send(int count, TimeSpan later = default)
    {
        var mark = DateTimeOffset.UtcNow.Add(later).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        for (var i = 0; i < count; i++)
        {
            producer.Produce(application + ".orders", new() { Key = Text(sent++), Value = mark });
        }

        producer.Flush(Patience);
    }

    /// <summary>Takes what has fired by now; returns how many orders have.</summary>
    public int Look()
    {
        if (consumer.Assignment.Count == 0)
        {
            consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(application + ".fired", partition, Offset.Beginning)));
        }

        while (consumer.Consume(TimeSpan.FromMilliseconds(20)) is { } result)
        {
            if (!fired.TryGetValue(result.Message.Key, out var counts))
            {
                fired.Add(result.Message.Key, counts = []);
            }

            counts.Add(result.Message.Value);
        }

        return fired.Count;
    }

    public void WaitFor(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"{what}\n{Said()}");
            Look();
        }
    }

    /// <summary>Lets time pass in which nobody can look: what is cut off meanwhile is to be old when it is there again.</summary>
    public void Rest(TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        WaitFor(() => Stopwatch.GetElapsedTime(started) >= time, "time passes");
    }

    /// <summary>Waits until that many tasks run, all of them by default.</summary>
    public void WaitUntilRunning(params HostProcess[] running) =>
        WaitFor(() => running.Sum(host => host.RunningTasks) == Tasks && running.All(host => host.RunningTasks > 0), $"{string.Join(" + ", running.Select(host => host.RunningTasks))} of {Tasks} tasks run");

    /// <summary>Waits until every order has fired.</summary>
    public void ExpectAllFired() => WaitFor(() => fired.Count == sent, $"{fired.Count} of {sent} orders fired");

    /// <summary>Waits until every order has fired, and expects each to have fired once and to have been counted once.</summary>
    public void ExpectAllFiredOnce()
    {
        ExpectAllFired();
        Look();
        var twice = fired.Where(order => order.Value.Count > 1).Select(order => $"{order.Key}: {string.Join(' ', order.Value)}").Take(10).ToList();
        Assert.True(twice.Count == 0, $"fired more than once: {string.Join(", ", twice)}\n{Said()}");
        var expected = Enumerable.Range(0, sent).Select(order => DelayingTopology.MerchantOf(Text(order))).GroupBy(merchant => merchant)
            .SelectMany(merchant => Enumerable.Range(1, merchant.Count()).Select(count => $"{merchant.Key}={Text(count)}")).Order(StringComparer.Ordinal);
        Assert.True(expected.SequenceEqual(fired.Values.Select(counts => counts[0]).Order(StringComparer.Ordinal)), $"a merchant's count has a gap or is there twice\n{Said()}");
    }

    public async ValueTask DisposeAsync()
    {
        producer.Dispose();
        consumer.Close();
        consumer.Dispose();
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    string Said() => string.Join("\n---\n", hosts);

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
