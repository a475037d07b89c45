using KafkaPartition = Confluent.Kafka.TopicPartition;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Streams.Kafka;

/// <summary>Between the runtime's names of a partition and the client's.</summary>
internal static class KafkaNames
{
    public static KafkaPartition ToKafka(this TopicPartition partition) => new(partition.Topic, partition.Partition);

    public static TopicPartition FromKafka(this KafkaPartition partition) => new(partition.Topic, partition.Partition.Value);
}
