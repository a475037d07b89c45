using Confluent.Kafka;
using StreamSettle.Streams.Streamiz.Clients;
using StreamSettle.Streams.Streamiz.Hosting;
using StreamSettle.Streams.Testing;

namespace StreamSettle.Streamiz.Tests.Driver;

/// <summary>What a test reads of an output topic of Streamiz' driver: the log's records, as committed.</summary>
sealed class PipeConsumer(IDrivenLog log) : NoConsumer
{
    readonly IOutputReader reader = log.OpenOutput();
    readonly Queue<OutputRecord> read = [];
    string topic = "";

    public override List<TopicPartition> Assignment => [];

    public override void Subscribe(string topic) => this.topic = topic;

    public override ConsumeResult<byte[], byte[]>? Consume(TimeSpan timeout)
    {
        foreach (var record in reader.Read(topic))
        {
            read.Enqueue(record);
        }

        return !read.TryDequeue(out var next) ? null : new()
        {
            TopicPartitionOffset = new(next.Topic, next.Partition, next.Offset),
            Message = new() { Key = next.Key!, Value = next.Value!, Timestamp = new(next.TimestampMs, TimestampType.CreateTime), Headers = HeaderBytes.Read(next.EncodedHeaders) },
        };
    }

    public override void Commit(ConsumeResult<byte[], byte[]> result)
    {
    }

    public override void Pause(IEnumerable<TopicPartition> partitions)
    {
    }

    public override void Resume(IEnumerable<TopicPartition> partitions)
    {
    }

    public override void Unsubscribe()
    {
    }

    public override void Dispose()
    {
    }
}
