namespace StreamSettle.Streams.Kafka.Positions;

/// <summary>Where a group stood in a partition, and of which topic: one that was deleted and made anew under the same name has other records at the same offsets.</summary>
/// <param name="Next">Offset of the record to be read next.</param>
/// <param name="TopicId">As the brokers give it (KIP-516), base64.</param>
internal readonly record struct NotedPosition(long Next, string TopicId);
