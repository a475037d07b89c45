using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Kafka;
using Streamiz.Kafka.Net.Metrics;
using Streamiz.Kafka.Net.Processors.Public;
using Streamiz.Kafka.Net.SerDes;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Streamiz.Clients;
using ProcessingGuarantee = Streamiz.Kafka.Net.ProcessingGuarantee;

namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>Streamiz' own thread, tasks and commits between clients that do as a test says, without a broker: which partitions come and go, what is read, what a commit does.</summary>
sealed class Scripted : IKafkaSupplier, IDisposable
{
    public const string Input = "in";

    /// <summary>What is said of a poll that may wait.</summary>
    public const string Wait = "poll";

    /// <summary>What a poll may last.</summary>
    public static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(10);

    const int Partitions = 2;

    /// <summary>Longer than any test: what commits is an end.</summary>
    const long NeverMs = 3_600_000;

    /// <summary>Of what Streamiz has called, told by a test that fails.</summary>
    const int LastCalls = 40;

    readonly ConcurrentQueue<string> calls = [];
    readonly KafkaStream stream;

    public Scripted()
    {
        var bytes = new ByteArraySerDes();
        var builder = new StreamBuilder();
        builder.Stream(Input, bytes, bytes)
            .Transform(TransformerBuilder.New<byte[], byte[], byte[], byte[]>().Transformer<ScriptedTransformer>(this).Build(), "transform")
            .To("out", bytes, bytes);
        stream = new(builder.Build(), new StreamConfig(null, NullLoggerFactory.Instance)
        {
            ApplicationId = "scripted", ClientId = "scripted", BootstrapServers = "nowhere", Guarantee = ProcessingGuarantee.EXACTLY_ONCE, PollMs = (long)PollTime.TotalMilliseconds,
            CommitIntervalMs = NeverMs,
            InnerExceptionHandler = failure =>
            {
                Say("failed");
                return ExceptionHandlerResponse.CONTINUE;
            },
        }, this);
        stream.StateChanged += (_, now) => State = now;
    }

    public StreamMetricsRegistry MetricsRegistry { get; set; } = null!;

    public KafkaStream.State State { get; private set; } = KafkaStream.State.CREATED;

    /// <summary>What Streamiz has called, in order.</summary>
    public IReadOnlyCollection<string> Calls => calls;

    /// <summary>What each poll does; returns the record that it brings.</summary>
    public Func<ScriptedConsumer, ConsumeResult<byte[], byte[]>?> Poll { get; set; } = _ => null;

    public Action Subscribed { get; set; } = () => { };

    public Action Commit { get; set; } = () => { };

    /// <summary>Told each record with what forwards one.</summary>
    public Action<Action> Process { get; set; } = _ => { };

    public static ConsumeResult<byte[], byte[]> Record(int partition, long offset) =>
        new() { TopicPartitionOffset = new(Input, partition, offset), Message = new() { Key = [1], Value = [1], Timestamp = new(1, TimestampType.CreateTime), Headers = [] } };

    public static TopicPartition Partition(int partition) => new(Input, partition);

    public void Say(string call) => calls.Enqueue(call);

    public int Count(string call) => calls.Count(other => other == call);

    /// <param name="stop">Stops it.</param>
    public Task StartAsync(CancellationToken? stop = null) => stream.StartAsync(stop);

    public void WaitFor(Func<bool> condition, string what) => Eventually.Holds(condition, () => $"{what}; it is {State}, {string.Join(' ', calls.TakeLast(LastCalls))}");

    public void Dispose() => stream.Dispose();

    public IConsumer<byte[], byte[]> GetConsumer(ConsumerConfig config, IConsumerRebalanceListener rebalanceListener) => new ScriptedConsumer(this, rebalanceListener);

    public IProducer<byte[], byte[]> GetProducer(ProducerConfig config) => new ScriptedProducer(this);

    public IConsumer<byte[], byte[]> GetRestoreConsumer(ConsumerConfig config) => new IdleConsumer();

    public IAdminClient GetAdmin(AdminClientConfig config) => new Admin();

    public IConsumer<byte[], byte[]> GetGlobalConsumer(ConsumerConfig config) => new IdleConsumer();

    sealed class Admin : NoAdmin
    {
        static readonly Error None = new(ErrorCode.NoError);

        public override Metadata GetMetadata(TimeSpan timeout) => new([], [], 0, "nobody");

        public override Metadata GetMetadata(string topic, TimeSpan timeout) =>
            new([], [new(topic, [.. Enumerable.Range(0, Partitions).Select(partition => new PartitionMetadata(partition, 0, [0], [0], None))], None)], 0, "nobody");

        public override void Dispose()
        {
        }
    }
}
