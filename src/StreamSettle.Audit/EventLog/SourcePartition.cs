namespace StreamSettle.Audit.EventLog;

/// <summary>Where events come from: a partition of a topic of the log whose positions are kept beside the events.</summary>
public readonly record struct SourcePartition(string Topic, int Partition) : IComparable<SourcePartition>
{
    public int CompareTo(SourcePartition other) =>
        string.CompareOrdinal(Topic, other.Topic) is var byTopic && byTopic != 0 ? byTopic : Partition.CompareTo(other.Partition);

    public override string ToString() => $"{Topic}-{Partition}";
}
