using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Testing;
using Xunit;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Cluster.Tests.Lives;

/// <summary>The Kafka client under a driver: the driver's clock stands still while the brokers' goes on, so a round is over when all that was written has been read.</summary>
sealed class DrivenKafkaLog : IDrivenLog, IDisposable
{
    readonly KafkaBroker broker;
    readonly LifeNames names;
    readonly Random random;
    readonly IProducer<byte[]?, byte[]?> outside;
    readonly HashSet<DrivenKafkaClient> clients = [];
    readonly HashSet<TopicPartition> written = [];
    readonly string directory;
    KafkaLog log;

    /// <param name="application">Of the bench's topology.</param>
    /// <param name="random">Decides what is lost when a process ends.</param>
    public DrivenKafkaLog(KafkaBroker broker, string application, Random random)
    {
        this.broker = broker;
        this.random = random;
        names = new(application, broker.NewName("life"));
        directory = Path.Combine(broker.Folder, names.Application);
        outside = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = broker.Bootstrap, LingerMs = 0, EnableIdempotence = true }).Build();
        log = Open();
    }

    public Action<LogCommit>? BeforeCommit { get; set; }

    public Action<LogCommit>? AfterCommit { get; set; }

    public long Commits { get; private set; }

    /// <summary>State directories that were lost.</summary>
    public int Lost { get; private set; }

    public TimeSpan PollWait => TimeSpan.FromMilliseconds(5);

    public Guid Identity => log.Identity;

    public string? WriteFailure => log.WriteFailure;

    public string? ReadFailure => log.ReadFailure;

    /// <summary>Only what was written since is asked for: each question goes to the broker.</summary>
    public bool IsQuiet
    {
        get
        {
            Assert.Null(log.ReadFailure);
            if (!clients.All(client => client.HasAll))
            {
                    return false;
            }

            written.RemoveWhere(partition => EndOffset(partition) is var end && clients.All(client => client.HasPassed(partition, end)));
            return written.Count == 0;
        }
    }

    public void EnsureTopics(IReadOnlyCollection<TopicSpec> topics) => log.EnsureTopics([.. topics.Select(topic => topic with { Name = names.There(topic.Name) })]);

    public int Partitions(string topic) => log.Partitions(names.There(topic));

    public ILogClient OpenClient(string group, string member)
    {
        var client = new DrivenKafkaClient(this, names, log.OpenClient(names.There(group), member));
        clients.Add(client);
        return client;
    }

    /// <summary>Belongs to no group, and is not waited for.</summary>
    public ILogClient OpenReader() => new DrivenKafkaClient(this, names, log.OpenClient(names.Application, "output"));

    public long EndOffset(TopicPartition partition) => log.EndOffset(names.There(partition));

    public long KnownEnd(TopicPartition partition) => log.KnownEnd(names.There(partition));

    public long? SeenEnd(TopicPartition partition) => log.SeenEnd(names.There(partition));

    public long CommittedPosition(string group, TopicPartition partition) => log.CommittedPosition(names.There(group), names.There(partition));

    public byte[]? ReadMetadata(string name) => log.ReadMetadata(name);

    public IReadOnlyKeyValueStore OpenCommittedView(StoreSpec store, int partition) => log.OpenCommittedView(store, partition);

    public long Append(TopicPartition partition, RecordBatch batch)
    {
        var first = -1L;
        var rest = batch.Bytes;
        while (RecordBatch.TryReadNext(ref rest, out var record))
        {
            var message = new Message<byte[]?, byte[]?>
            {
                Key = record.KeyIsNull ? null : record.Key.ToArray(), Value = record.ValueIsNull ? null : record.Value.ToArray(), Timestamp = new(record.TimestampMs, TimestampType.CreateTime),
            };
            Assert.True(record.Headers.IsEmpty, "no life writes headers");
            var there = names.There(partition);
            var told = outside.ProduceAsync(new Confluent.Kafka.TopicPartition(there.Topic, there.Partition), message).GetAwaiter().GetResult();
            first = first < 0 ? told.Offset.Value : first;
        }

        Wrote(partition);
        return first;
    }

    public IOutputReader OpenOutput() => new KafkaOutput(this);

    /// <summary>The next process may find that the state directory is lost.</summary>
    public void Reopen()
    {
        log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (random.Next(2) == 0)
        {
            Directory.Delete(directory, recursive: true);
            Lost++;
        }

        log = Open();
    }

    public async ValueTask DisposeAsync()
    {
        outside.Dispose();
        await log.DisposeAsync();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal void Wrote(TopicPartition partition) => written.Add(partition);

    internal void Committed(LogCommit commit)
    {
        Commits++;
        commit.Outputs.ForEach(output => Wrote(output.Partition));
        AfterCommit?.Invoke(commit);
    }

    internal void Closed(DrivenKafkaClient client) => clients.Remove(client);

    KafkaLog Open() => KafkaLog.Open(
        new()
        {
            BootstrapServers = broker.Bootstrap, ApplicationId = names.Application, InstanceId = "driver", Directory = directory,
            Client = new Dictionary<string, string> { ["session.timeout.ms"] = "6000", ["heartbeat.interval.ms"] = "300", ["fetch.wait.max.ms"] = "5", ["topic.metadata.propagation.max.ms"] = "1000" },
        },
        TimeProvider.System, NullLogger.Instance);
}
