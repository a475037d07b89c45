using StreamSettle.Streams.Kafka.Members;
using StreamSettle.Streams.Kafka.Positions;
using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Groups;

/// <summary>
/// What the group gave to a member, until it is known from where on it is read. An offset that a transaction of the owner before has not decided yet is waited for, round by round. For one thread.
/// </summary>
internal sealed class ComingPartitions(KafkaParts parts, KafkaLog log, string group)
{
    static readonly TimeSpan OffsetsPatience = TimeSpan.FromSeconds(2);

    static readonly TimeSpan MembersPatience = TimeSpan.FromSeconds(5);

    /// <summary>Longer than a transaction of the owner before may be open by default: then it is said, and tried again with clients that know nothing of before.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly SortedSet<int> indexes = [];
    long? membersEnd;
    long since;

    public IReadOnlyCollection<int> Indexes => indexes;

    public void Add(IReadOnlyList<int> given)
    {
        indexes.UnionWith(given);
        membersEnd = null;
        since = parts.Time.GetTimestamp();
    }

    public void Remove(IReadOnlyList<int> taken) => indexes.ExceptWith(taken);

    public void Clear() => indexes.Clear();

    /// <summary>Where the group stands in these partitions of theirs; null as long as that is not known.</summary>
    /// <exception cref="TransactionAbortedException">It is not told for long.</exception>
    public IReadOnlyList<GroupPosition>? Find(RecordReader reader, IReadOnlyList<TopicPartition> partitions)
    {
        if (!HasFencedFormerOwners())
        {
            return null;
        }

        if (reader.Committed(partitions, OffsetsPatience) is { } committed)
        {
            var lacking = committed.Where(position => position.Offset < 0).Select(position => position.Partition).ToList();
            var begun = lacking.Count > 0 ? parts.Forgotten.Begin(group, lacking) : null;
            return [.. committed.Select(position => position.Offset >= 0
                ? new GroupPosition(position.Partition, position.Offset, IsCommitted: true)
                : begun![position.Partition])];
        }

        return parts.Time.GetElapsedTime(since) <= Patience ? null : throw new TransactionAbortedException(
            $"the brokers do not tell where the group '{group}' stands in partitions {string.Join(", ", indexes)}: a transaction that would move it is not decided, or they do not answer. If it lasts, "
            + "kafka-transactions.sh find-hanging names it, and docs/kafka.md says what to do");
    }

    /// <summary>
    /// Whoever had them and was alive has said by now that it gave them up: what others still claim is ended, once all is heard that was said until then. Where
    /// nothing is heard the work goes on: a dead one's transaction ends by its time-out.
    /// </summary>
    bool HasFencedFormerOwners()
    {
        if (!parts.Options.ExactlyOnce || !parts.Self.IsHeard)
        {
            return true;
        }

        if (membersEnd is null)
        {
            membersEnd = log.EndOffset(new(MemberTable.TopicOf(parts.Options.ApplicationId), 0));
        }

        if (parts.Members.Next < membersEnd)
        {
            return parts.Time.GetElapsedTime(since) > MembersPatience;
        }

        parts.Fence.EndClaimsOf(group, indexes);
        return true;
    }
}
