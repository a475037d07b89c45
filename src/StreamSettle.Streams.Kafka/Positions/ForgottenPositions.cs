using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka.Topics;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Positions;

/// <summary>
/// Where a group begins in partitions of which the brokers have no position. Either it was never there, or they have forgotten it (<see cref="GroupPositions"/>), or somebody deleted it: then
/// to begin at either end would count records twice or lose them. Thread-safe.
/// </summary>
internal sealed class ForgottenPositions(LogQuestions questions, ConsumedPurge purge, ILogger logger)
{
    /// <exception cref="CorruptStateException">It was there, and where exactly nobody knows any more.</exception>
    /// <exception cref="TransactionAbortedException">The brokers do not tell now.</exception>
    public IReadOnlyDictionary<TopicPartition, GroupPosition> Begin(string group, IReadOnlyList<TopicPartition> partitions)
    {
        try
        {
            return Find(group, partitions);
        }
        catch (EnvironmentFailedException away)
        {
            throw new TransactionAbortedException(away.Message, away);
        }
    }

    Dictionary<TopicPartition, GroupPosition> Find(string group, IReadOnlyList<TopicPartition> partitions)
    {
        var values = questions.ReadMetadata([.. partitions.Select(partition => PositionNote.NameOf(group, partition.Partition)).Distinct()]);
        var ids = questions.Topics.IdsNow(partitions.Select(partition => partition.Topic).Distinct());
        var found = new Dictionary<TopicPartition, GroupPosition>();
        var lost = new List<string>();
        foreach (var partition in partitions)
        {
            var note = values[PositionNote.NameOf(group, partition.Partition)] is { } value ? PositionNote.Decode(value) : null;
            NotedPosition? noted = note is not null && note.Next.TryGetValue(partition.Topic, out var next) ? next : null;
            if ((noted is { } at ? ProblemOf(partition, at, ids.GetValueOrDefault(partition.Topic), note!.IsLast) : ProblemOf(partition)) is { } problem)
            {
                lost.Add($"{partition} ({problem})");
                continue;
            }

            // What is noted already may be noted again.
            found[partition] = new(partition, noted?.Next ?? questions.StartOffset(partition), IsCommitted: noted is not null);
            if (noted?.Next > 0)
            {
                logger.PositionRecalled(group, partition, noted.Value.Next);
            }
        }

        return lost.Count == 0 ? found : throw new CorruptStateException(
            $"the brokers have no position of the group '{group}' any more in {string.Join(", ", lost)}. They forget those of a group that was away for longer than offsets.retention.minutes, or "
            + "somebody deleted them. Nothing goes on at a guess: too early counts records twice, too late loses them. docs/kafka.md, \"Positions that the brokers forgot\", says how to set them");
    }

    /// <summary>Why the group may be further on than noted; null where there is nothing that it could have read since.</summary>
    /// <param name="id">Of the topic that has the name now; null for none.</param>
    string? ProblemOf(TopicPartition partition, NotedPosition noted, string? id, bool isLast)
    {
        var end = questions.EndOffset(partition);
        return noted.Next > 0 && noted.TopicId != id ? $"it stood at {noted.Next} of another topic of that name, which was deleted since: this one begins at {questions.StartOffset(partition)} and ends at {end}"
            : noted.Next > end ? $"it stood at {noted.Next}, and the topic ends at {end}"
            : !isLast && questions.HasRecord(partition, noted.Next, end) ? $"it stood at {noted.Next} or later, and records go on to {end}"
            : null;
    }

    /// <summary>Nothing is noted by releases that had no notes: but what we deleted somebody had read.</summary>
    string? ProblemOf(TopicPartition partition) => purge.Takes(partition.Topic) && questions.StartOffset(partition) is > 0 and var start
        ? $"where it stood is not noted, and what was read before {start} is deleted"
        : null;
}
