using Confluent.Kafka;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Log;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Streams.Kafka.Commits;

/// <summary>
/// At least once: records first, positions after them. Who dies in between has its records counted again. Each record is told of, so that positions never pass one
/// that the broker refused.
/// </summary>
/// <param name="commitPositions">Commits positions as the group's member.</param>
internal sealed class PlainProducer(IProducer<byte[]?, byte[]?> producer, Action<IReadOnlyCollection<TopicPartitionOffset>> commitPositions) : IRecordProducer
{
    static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(30);

    readonly Lock calling = new();
    volatile Error? refused;
    bool isOpen;
    bool isInCall;
    bool isLeft;

    public int MarkersPerCommit => 0;

    public void Initialize()
    {
    }

    public void Begin()
    {
        refused = isOpen ? refused : null;
        isOpen = true;
    }

    public void Produce(TopicPartition partition, scoped in RawRecord record)
    {
        var message = new Message<byte[]?, byte[]?>
        {
            Key = record.KeyIsNull ? null : record.Key.ToArray(),
            Value = record.ValueIsNull ? null : record.Value.ToArray(),
            Timestamp = new(Math.Max(1, record.TimestampMs), TimestampType.CreateTime),
            Headers = HeadersOf(record.Headers),
        };
        try
        {
            producer.Produce(partition.ToKafka(), message, report => refused = report.Error.IsError ? report.Error : refused);
        }
        catch (KafkaException failed)
        {
            throw KafkaFailure.Aborted(failed);
        }
    }

    /// <summary>They go after the records.</summary>
    public void SendPositions(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group)
    {
    }

    /// <summary>The commit does: no positions go beside the records.</summary>
    public void Flush()
    {
    }

    public void Commit(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group)
    {
        lock (calling)
        {
            isInCall = true;
        }

        try
        {
            Send(positions, group);
        }
        finally
        {
            bool isLast;
            lock (calling)
            {
                isInCall = false;
                isLast = isLeft;
            }

            if (isLast)
            {
                producer.Dispose();
            }
        }
    }

    public void Abort()
    {
        // What is on its way arrives, and is counted again.
        isOpen = false;
    }

    /// <summary>A client that has not come back from a commit is left to that call: it would be freed under its feet.</summary>
    public void Dispose()
    {
        lock (calling)
        {
            isLeft = isInCall;
            if (isLeft)
            {
                return;
            }
        }

        producer.Dispose();
    }

    void Send(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group)
    {
        isOpen = false;
        var left = producer.Flush(FlushPatience);
        if (left > 0 || refused is not null)
        {
            throw new TransactionAbortedException($"records did not reach the brokers: {refused?.Reason ?? $"{left} are still on their way"}");
        }

        if (group is null)
        {
            return;
        }

        try
        {
            commitPositions(positions);
        }
        catch (KafkaException failed)
        {
            throw KafkaFailure.Aborted(failed);
        }
    }

    static Headers? HeadersOf(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty)
        {
            return null;
        }

        var headers = new Headers();
        var from = new ByteReader(encoded);
        for (var left = from.Count(); left > 0; left--)
        {
            var name = from.String();
            var value = from.NullableSpan(out var isNull);
            headers.Add(name, isNull ? null : value.ToArray());
        }

        return headers;
    }
}
