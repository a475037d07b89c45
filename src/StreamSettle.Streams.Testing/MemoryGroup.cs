using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Testing;

/// <summary>A consumer group: committed positions, members, and who owns which partition. Guarded by the log's lock.</summary>
sealed class MemoryGroup
{
    readonly List<MemoryLogClient> members = [];
    readonly Dictionary<TopicPartition, MemoryLogClient> owners = [];

    public Dictionary<TopicPartition, long> Positions { get; } = [];

    /// <summary>Grows when members or owners change: until then no assignment can.</summary>
    public long Generation { get; private set; } = 1;

    public void Join(MemoryLogClient member)
    {
        members.Add(member);
        Generation++;
    }

    public void Leave(MemoryLogClient member)
    {
        members.Remove(member);
        Generation++;
        GiveUp(member, [.. owners.Where(owner => owner.Value == member).Select(owner => owner.Key)]);
    }

    /// <summary>Puts out all members.</summary>
    public void Expire()
    {
        members.ForEach(member => member.IsFenced = true);
        foreach (var member in members.ToList())
        {
            Leave(member);
        }
    }

    public bool Owns(MemoryLogClient member, TopicPartition partition) => owners.GetValueOrDefault(partition) == member;

    /// <summary>What the member should own: each set's partitions go round the members that want the set, all topics of a set alike.</summary>
    public HashSet<TopicPartition> TargetOf(MemoryLogClient member, Func<string, int> partitionsOf)
    {
        var target = new HashSet<TopicPartition>();
        foreach (var set in member.Copartitioned)
        {
            var first = set.First();
            var eligible = members.Where(other => other.Copartitioned.Any(topics => topics.Contains(first))).ToList();
            for (var partition = 0; partition < partitionsOf(first); partition++)
            {
                if (eligible[partition % eligible.Count] == member)
                {
                    target.UnionWith(set.Select(topic => new TopicPartition(topic, partition)));
                }
            }
        }

        return target;
    }

    /// <summary>Takes those that nobody holds; the others come once their owner gave them up.</summary>
    public List<TopicPartition> Take(MemoryLogClient member, IEnumerable<TopicPartition> target)
    {
        var taken = target.Where(partition => !owners.ContainsKey(partition)).ToList();
        taken.ForEach(partition => owners[partition] = member);
        return taken;
    }

    public void GiveUp(MemoryLogClient member, IReadOnlyCollection<TopicPartition> partitions)
    {
        foreach (var partition in partitions.Where(partition => Owns(member, partition)))
        {
            owners.Remove(partition);
            Generation++;
        }
    }
}
