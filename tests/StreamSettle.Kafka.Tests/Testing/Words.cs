using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Hosted;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Kafka.Tests.Testing;

/// <summary>The counting topology on the broker under names of its own: words go in from outside, running counts come out, each exactly once.</summary>
sealed class Words : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly string bootstrap;
    readonly string folder;
    readonly IProducer<string, string> producer;
    readonly List<string> sent = [];
    readonly List<string> seen = [];
    readonly IConsumer<string, string> consumer;

    public Words(KafkaBroker broker, int partitions = 2, Action<TopologyBuilder, string>? more = null)
        : this(broker, broker.Bootstrap, partitions, more)
    {
    }

    /// <param name="bootstrap">Of another broker.</param>
    public Words(KafkaBroker broker, string bootstrap, int partitions = 2, Action<TopologyBuilder, string>? more = null)
    {
        this.bootstrap = bootstrap;
        folder = broker.Folder;
        Application = broker.NewName("words");
        Prefix = Application + ".";
        Topology = CountingTopology.Build(partitions, builder => more?.Invoke(builder, Prefix), Application, Prefix);
        producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = bootstrap, LingerMs = 0, Partitioner = Partitioner.Murmur2Random }).Build();
        consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrap, GroupId = Application + "-outside", AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = IsolationLevel.ReadCommitted,
            EnableAutoCommit = false,
        }).Build();
    }

    public TestLog Log { get; } = new();

    public bool ExactlyOnce { get; init; } = true;

    public string Application { get; }

    public string Prefix { get; }

    public Topology Topology { get; }

    public string Directory(string instance) => Path.Combine(folder, Application, instance);

    public int Standbys { get; init; }

    /// <summary>Who runs the threads: the runtime itself by default.</summary>
    public HostedOpening Hosting { get; init; } = (topology, log, options, logger) => new(topology, log, options, TimeProvider.System, logger);

    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromSeconds(4);

    public TimeSpan CopyCleanupDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>After which a member that does not poll is put out. A busy machine stops a whole process for seconds, so who must be put out has less, and nobody else.</summary>
    public TimeSpan PollPatience { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan PositionRenewal { get; init; } = TimeSpan.FromMinutes(10);

    public KafkaLogOptions Options(string instance = "one") => new()
    {
        BootstrapServers = bootstrap, ApplicationId = Application, InstanceId = instance, Directory = Directory(instance), ExactlyOnce = ExactlyOnce, TransactionTimeout = TransactionTimeout,
        AdvertisedUrl = $"http://{instance}:8080", Standbys = Standbys, CopyCleanupDelay = CopyCleanupDelay,
        PositionRenewal = PositionRenewal, PurgeInterval = TimeSpan.FromMilliseconds(200),
        Client = new Dictionary<string, string> { ["session.timeout.ms"] = "1500", ["heartbeat.interval.ms"] = "300", ["max.poll.interval.ms"] = PollPatience.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), ["topic.metadata.propagation.max.ms"] = "1000" },
    };

    public KafkaLog Open(string instance = "one", ILogger? logger = null, TimeProvider? time = null)
    {
        var log = KafkaLog.Open(Options(instance), time ?? TimeProvider.System, logger ?? Log);
        log.EnsureTopics([.. Topology.Topics, .. Topology.Changelogs]);
        return log;
    }

    public Instance Start(string instance = "one", Topology? topology = null)
    {
        var log = Open(instance);
        var app = Hosting(topology ?? Topology, log, new() { CommitInterval = TimeSpan.FromMilliseconds(20) }, Log);
        app.Start();
        return new(log, app);
    }

    /// <summary>Words by their letters, such as "abba".</summary>
    public void Send(string letters)
    {
        foreach (var letter in letters)
        {
            producer.Produce(Prefix + "words", new Message<string, string> { Key = $"{letter}", Value = $"{letter}" });
            sent.Add($"{letter}");
        }

        producer.Flush(Patience);
    }

    /// <summary>A record of another topic of the application.</summary>
    public void Put(string topic, string key, string value)
    {
        producer.Produce(Prefix + topic, new Message<string, string> { Key = key, Value = value });
        producer.Flush(Patience);
    }

    /// <summary>Words of a transaction that is given up: nobody counts them, but they take offsets.</summary>
    public void SendAborted(string letters)
    {
        using var aborting = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = bootstrap, TransactionalId = Application + "-aborting", Partitioner = Partitioner.Murmur2Random,
        }).Build();
        aborting.InitTransactions(Patience);
        aborting.BeginTransaction();
        foreach (var letter in letters)
        {
            aborting.Produce(Prefix + "words", new() { Key = $"{letter}", Value = $"{letter}" });
        }

        aborting.Flush(Patience);
        aborting.AbortTransaction();
    }

    /// <summary>The same topology, whose counting hangs when it is told to.</summary>
    public Topology TopologyWith(Hang hang) => CountingTopology.Build(Topology.Partitions, application: Application, prefix: Prefix, counting: hang.Pass);

    /// <summary>Waits until every word was counted, and no more than that.</summary>
    public void ExpectAllCounted()
    {
        var expected = sent.GroupBy(word => word).SelectMany(letter => Enumerable.Range(1, letter.Count()).Select(count => $"{letter.Key}={count}")).Order().ToList();
        if (consumer.Assignment.Count == 0)
        {
            consumer.Assign(Enumerable.Range(0, Topology.Partitions).Select(partition => new TopicPartitionOffset(Prefix + "counts-out", partition, Offset.Beginning)));
        }

        var started = Stopwatch.GetTimestamp();
        while (seen.Count < expected.Count && Stopwatch.GetElapsedTime(started) < Patience)
        {
            Take(consumer.Consume(TimeSpan.FromMilliseconds(100)));
        }

        while (consumer.Consume(TimeSpan.FromMilliseconds(20)) is { } more)
        {
            Take(more);
        }

        Assert.True(expected.SequenceEqual(seen.Order()), $"expected {string.Join(' ', expected)}\nseen     {string.Join(' ', seen.Order())}\n{Log}");
    }

    public void Dispose()
    {
        producer.Dispose();
        consumer.Close();
        consumer.Dispose();
    }

    void Take(ConsumeResult<string, string>? result)
    {
        if (result is not null)
        {
            seen.Add($"{result.Message.Key}={result.Message.Value}");
        }
    }
}
