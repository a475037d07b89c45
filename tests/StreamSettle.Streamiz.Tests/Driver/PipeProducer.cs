using Confluent.Kafka;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Streamiz.Clients;
using StreamSettle.Streams.Streamiz.Hosting;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streamiz.Tests.Driver;

/// <summary>What a test pipes into an input topic of Streamiz' driver goes to the partition of its key.</summary>
sealed class PipeProducer(IDrivenLog log) : NoProducer
{
    readonly RecordBatch batch = new();

    public override void Produce(string topic, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null)
    {
        batch.Clear();
        batch.Add(new()
        {
            TimestampMs = message.Timestamp.UnixTimestampMs, KeyIsNull = message.Key is null, Key = message.Key, ValueIsNull = message.Value is null, Value = message.Value,
            Headers = HeaderBytes.Of(message.Headers),
        });
        log.Append(new(topic, Murmur2.Partition(message.Key, log.Partitions(topic))), batch);
    }

    public override void Flush(CancellationToken cancellationToken = default)
    {
    }

    public override void Dispose()
    {
    }
}
