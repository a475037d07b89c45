using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors.Internal;
using Streamiz.Kafka.Net.Processors.Public;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.State;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using ProcessingGuarantee = Streamiz.Kafka.Net.ProcessingGuarantee;

namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>A counting application on the package as it comes, with exactly-once and its own stores, on one partition of a real broker.</summary>
sealed class PlainApplication : IDisposable, IOffsetCheckpointManager
{
    readonly KafkaBroker broker;
    readonly string name;
    readonly ConcurrentQueue<int> counted = [];
    readonly ConcurrentQueue<long> checkpoints = [];
    KafkaStream? stream;

    public PlainApplication(KafkaBroker broker)
    {
        this.broker = broker;
        name = broker.NewName("plain");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Bootstrap }).Build();
        admin.CreateTopicsAsync([new() { Name = Input, NumPartitions = 1 }, new() { Name = Output, NumPartitions = 1 }]).GetAwaiter().GetResult();
        Config = NewConfig();
        Clients = new(Config);
    }

    public StreamConfig Config { get; private set; }

    public Tampered Clients { get; private set; }

    /// <summary>What each record has made of its count.</summary>
    public IReadOnlyCollection<int> Counts => counted;

    /// <summary>Offsets of the changelog that Streamiz has written down as being in the store.</summary>
    public IReadOnlyCollection<long> Checkpoints => checkpoints;

    /// <summary>Called by each punctuation with the count of "a" in the store, and with what forwards a record.</summary>
    public Action<int, Action> Punctuated { get; set; } = (_, _) => { };

    public bool HasRestored { get; private set; }

    public KafkaStream.State State { get; private set; } = KafkaStream.State.CREATED;

    string Input => name + "-in";

    string Output => name + "-out";

    public void Counted(int count) => counted.Enqueue(count);

    public void Start()
    {
        var bytes = new ByteArraySerDes();
        var builder = new StreamBuilder();
        builder.Stream(Input, bytes, bytes)
            .Transform(TransformerBuilder.New<byte[], byte[], byte[], byte[]>().Transformer<Counting>(this)
                .StateStore(Stores.KeyValueStoreBuilder(Stores.PersistentKeyValueStore("counts"), bytes, bytes)).Build(), "count")
            .To(Output, bytes, bytes);
        stream = new(builder.Build(), Config, Clients);
        stream.StateChanged += (_, current) => State = current;
        stream.OnRestoreEndEvent += (_, _, _) => HasRestored = true;
        stream.StartAsync().GetAwaiter().GetResult();
    }

    /// <summary>Another instance of it, with nothing on its disk.</summary>
    public void StartAnew()
    {
        stream!.Dispose();
        HasRestored = false;
        counted.Clear();
        Config = NewConfig();
        Clients = new(Config);
    }

    public void Send(int count)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = broker.Bootstrap, LingerMs = 0 }).Build();
        for (var i = 0; i < count; i++)
        {
            producer.Produce(Input, new() { Key = Encoding.UTF8.GetBytes("a"), Value = [1] });
        }

        producer.Flush(TimeSpan.FromSeconds(10));
    }

    public void WaitFor(Func<bool> condition, string what) => Eventually.Holds(condition, () => $"{what}; it is {State}, the counts were {string.Join(' ', counted)}, checkpoints {string.Join(' ', checkpoints)}");

    public void Configure(IStreamConfig config, TaskId taskId)
    {
    }

    public IDictionary<TopicPartition, long> Read(TaskId taskId) => new Dictionary<TopicPartition, long>();

    public void Write(TaskId taskId, IDictionary<TopicPartition, long> data)
    {
        foreach (var offset in data.Values)
        {
            checkpoints.Enqueue(offset);
        }
    }

    public void Destroy(TaskId taskId)
    {
    }

    public void Dispose() => stream?.Dispose();

    StreamConfig NewConfig() => new(null, NullLoggerFactory.Instance)
    {
        ApplicationId = name, BootstrapServers = broker.Bootstrap, Guarantee = ProcessingGuarantee.EXACTLY_ONCE, AutoOffsetReset = AutoOffsetReset.Earliest, NumStreamThreads = 1,
        CommitIntervalMs = 200, PollMs = 10, ReplicationFactor = 1, StateDir = Directory.CreateTempSubdirectory("streamiz-plain-").FullName, OffsetCheckpointManager = this,
    };
}
