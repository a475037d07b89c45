using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Kafka.Members;
using StreamSettle.Streams.Kafka.Positions;
using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Kafka.Stores;
using StreamSettle.Streams.Kafka.Topics;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka;

/// <summary>What the clients of an open log share.</summary>
internal sealed record KafkaParts(KafkaLogOptions Options, ClientSettings Settings, LocalCopy Copy, TimeProvider Time, ILogger Logger)
{
    public required CommitHealth Health { get; init; }

    public required ConsumedPurge Purge { get; init; }

    public required ForgottenPositions Forgotten { get; init; }

    public required UndecidedReads Undecided { get; init; }

    public required OwnMember Self { get; init; }

    public required MemberTable Members { get; init; }

    public required TransactionFence Fence { get; init; }

    public CopyOwners Owners { get; } = new();

    /// <summary>Of what somebody reads at the moment.</summary>
    public ConcurrentDictionary<TopicPartition, IKnownEnd> KnownEnds { get; } = new();
}
