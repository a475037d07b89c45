namespace StreamSettle.Streams.Embedded.Groups;

/// <summary>What is assigned as one: partition <paramref name="Partition"/> of every topic of one co-partitioned set.</summary>
internal readonly record struct ShareOfWork(TopicSet Set, int Partition);

/// <summary>Topics whose equal partitions go together.</summary>
internal sealed record TopicSet(string Name, IReadOnlyList<string> Topics, int Partitions)
{
    /// <summary>Two members that name the same topics name the same set.</summary>
    public static TopicSet Of(IEnumerable<string> topics, Func<string, int> partitionsOf)
    {
        string[] sorted = [.. topics.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new TopicSet(string.Join(',', sorted), sorted, sorted.Max(partitionsOf));
    }

    public bool Equals(TopicSet? other) => other is not null && Name == other.Name;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);
}
