using Confluent.Kafka;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors.Internal;
using Streamiz.Kafka.Net.State;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>How far the local copy follows its changelogs is in the copy itself, in the same batch: a file beside it could say more than is there.</summary>
sealed class NoCheckpoints : IOffsetCheckpointManager
{
    public void Configure(IStreamConfig config, TaskId taskId)
    {
    }

    public IDictionary<TopicPartition, long> Read(TaskId taskId) => new Dictionary<TopicPartition, long>();

    public void Write(TaskId taskId, IDictionary<TopicPartition, long> data)
    {
    }

    public void Destroy(TaskId taskId)
    {
    }
}
