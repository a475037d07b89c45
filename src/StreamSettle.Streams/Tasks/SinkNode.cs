using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tasks;

/// <summary>A sink of one task, apart from its types.</summary>
abstract class SinkNode
{
    /// <summary>The <see cref="Output{TKey, TValue}"/> through which parents reach the sink.</summary>
    public abstract object Input { get; }
}

/// <summary>Serializes straight into the batch of the output partition.</summary>
sealed class SinkNode<TKey, TValue>(SinkSpec<TKey, TValue> spec, StreamTask task, ISerializer<TKey> keys, ISerializer<TValue> values) : SinkNode
    where TKey : allows ref struct
    where TValue : allows ref struct
{
    public override object Input { get; } = new Edge(spec.Name, task, task.OutputTo(spec.Topic), keys, values);

    sealed class Edge(string name, StreamTask task, TopicOutput topic, ISerializer<TKey> keys, ISerializer<TValue> values) : Output<TKey, TValue>
    {
        readonly ByteBuffer key = new();
        readonly ByteBuffer value = new();

        public override void Forward(scoped in Record<TKey, TValue> record)
        {
            try
            {
                Write(record);
            }
            catch (Exception exception) when (FailurePlace.Note(exception, task, name))
            {
                throw;
            }
        }

        void Write(scoped in Record<TKey, TValue> record)
        {
            if (record.TimestampMs < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(record), $"sink '{name}' of task {task.Id} got the timestamp {record.TimestampMs}, which is below zero");
            }

            key.Clear();
            if (!record.KeyIsNull)
            {
                keys.Write(record.Key, new ByteWriter(key));
            }

            value.Clear();
            if (!record.IsTombstone)
            {
                values.Write(record.Value, new ByteWriter(value));
            }

            var partition = record.KeyIsNull ? task.NextRound() % topic.Partitions : Murmur2.Partition(key.Written, topic.Partitions);
            topic.Add(partition, new()
            {
                TimestampMs = record.TimestampMs, KeyIsNull = record.KeyIsNull, Key = key.Written, ValueIsNull = record.IsTombstone, Value = value.Written, Headers = record.Headers.Encoded,
            });
        }
    }
}
