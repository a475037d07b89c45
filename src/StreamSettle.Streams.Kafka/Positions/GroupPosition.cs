using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Positions;

/// <summary>Where a group stands in a partition.</summary>
/// <param name="IsCommitted">The brokers know it, or a note does.</param>
internal readonly record struct GroupPosition(TopicPartition Partition, long Next, bool IsCommitted);
