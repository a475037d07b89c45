using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Kafka.Stores;
using StreamSettle.Streams.Kafka.Topics;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka;

/// <summary>What the clients of an open log share.</summary>
/// <param name="KnownEnds">Of what somebody reads at the moment.</param>
internal sealed record KafkaParts(
    KafkaLogOptions Options, ClientSettings Settings, LocalCopy Copy, CommitHealth Health, ConsumedPurge Purge, ConcurrentDictionary<TopicPartition, IKnownEnd> KnownEnds,
    TimeProvider Time, ILogger Logger);
