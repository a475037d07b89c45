using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Positions;

/// <summary>
/// Where the group stands in the partitions that one member owns. Brokers forget a position some days after its last commit, also that of a group that lives, where no member subscribes to its
/// topic (KIP-211); and all of a group that was away for so long. So now and then a commit carries all of them, one that is due comes where there is nothing else to commit, and where they stand
/// is noted each time in a place that forgets nothing. Other commits carry what moved, and the lead topic's of each index: while it is not decided, whoever is given the index next is told of none of
/// its positions, whatever else the transaction wrote, and whatever other topics a release of that one reads. For one thread.
/// </summary>
/// <param name="topicId">The id of the topic of a name, as it was when its positions were first asked for.</param>
internal sealed class GroupPositions(KafkaLogOptions options, TimeProvider time, string group, Func<string, string> topicId)
{
    readonly Dictionary<TopicPartition, long> committed = [];
    readonly HashSet<TopicPartition> uncommitted = [];
    readonly HashSet<TopicPartition> carried = [];
    readonly HashSet<int> indexes = [];
    long lastNote = time.GetTimestamp();
    bool isNoteWanted;

    /// <summary>By which the members share the indexes out: every owner of an index asks for its position in this topic. Null of a client that is no member.</summary>
    public string? LeadTopic { get; set; }

    /// <summary>The brokers were not told of all for so long that they are to be told again, though nothing else is to be committed.</summary>
    public bool IsDue => committed.Count > 0 && time.GetElapsedTime(lastNote) >= options.PositionRenewal;

    public long Of(TopicPartition partition) => committed.GetValueOrDefault(partition);

    public void Take(GroupPosition position)
    {
        committed[position.Partition] = position.Next;
        isNoteWanted = true;
        if (!position.IsCommitted)
        {
            uncommitted.Add(position.Partition);
        }
    }

    public void Forget(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            committed.Remove(partition);
            uncommitted.Remove(partition);
        }
    }

    /// <summary>Makes the commit carry what it has to: what moved, or all of it with a note where that is due.</summary>
    public void Complete(LogCommit commit)
    {
        if (isNoteWanted || time.GetElapsedTime(lastNote) >= options.PositionRenewal)
        {
            CarryAll(commit);
            AddNotes(commit, isLast: false);
        }
        else
        {
            CarryMoved(commit);
        }
    }

    /// <summary>The same of the last commit before the member leaves, with a note that says so.</summary>
    public void CompleteLast(LogCommit commit)
    {
        CarryAll(commit);
        AddNotes(commit, isLast: true);
    }

    /// <summary>A commit has happened.</summary>
    public void Committed(IReadOnlyList<(TopicPartition Partition, long Next)> positions)
    {
        foreach (var (partition, next) in positions)
        {
            committed[partition] = next;
            uncommitted.Remove(partition);
        }
    }

    void CarryMoved(LogCommit commit)
    {
        var positions = commit.Positions;
        var kept = 0;
        indexes.Clear();
        for (var i = 0; i < positions.Count; i++)
        {
            var position = positions[i];
            if (!committed.TryGetValue(position.Partition, out var at) || at != position.NextOffset || uncommitted.Contains(position.Partition))
            {
                positions[kept++] = position;
                if (position.Partition.Topic == LeadTopic)
                {
                    indexes.Add(position.Partition.Partition);
                }
            }
        }

        positions.RemoveRange(kept, positions.Count - kept);
        foreach (var (partition, next) in committed)
        {
            if (partition.Topic == LeadTopic && indexes.Add(partition.Partition))
            {
                positions.Add((partition, next));
            }
        }
    }

    void CarryAll(LogCommit commit)
    {
        if (commit.Positions.Count < committed.Count)
        {
            carried.Clear();
            carried.UnionWith(commit.Positions.Select(position => position.Partition));
            commit.Positions.AddRange(committed.Where(position => !carried.Contains(position.Key)).Select(position => (position.Key, position.Value)));
        }
    }

    /// <summary>
    /// What the brokers know already, so that a note is never ahead of them. Where records and positions are not one transaction, one that they do not know yet has none: it would outlive a
    /// crash that the position does not.
    /// </summary>
    void AddNotes(LogCommit commit, bool isLast)
    {
        foreach (var index in committed.Where(position => options.ExactlyOnce || !uncommitted.Contains(position.Key)).GroupBy(position => position.Key.Partition))
        {
            commit.Metadata.Add((PositionNote.NameOf(group, index.Key), new PositionNote(index.ToDictionary(position => position.Key.Topic, position => new NotedPosition(position.Value, topicId(position.Key.Topic))), isLast).Encode()));
        }

        lastNote = time.GetTimestamp();
        isNoteWanted = !options.ExactlyOnce && uncommitted.Count > 0;
    }
}
