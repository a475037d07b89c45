using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Tests.Embedded;

/// <summary>Remembers what it was told, and what is owned by that.</summary>
internal sealed class RecordingListener : IAssignmentListener
{
    public HashSet<TopicPartition> Owned { get; } = [];

    public List<string> Told { get; } = [];

    /// <summary>Runs when partitions are given up, before they go.</summary>
    public Action<IReadOnlyCollection<TopicPartition>> OnRevoked { get; init; } = _ => { };

    public void Assigned(IReadOnlyCollection<TopicPartition> partitions)
    {
        Told.Add("+" + Text(partitions));
        Assert(partitions.All(Owned.Add));
    }

    public void Revoked(IReadOnlyCollection<TopicPartition> partitions)
    {
        OnRevoked(partitions);
        Told.Add("-" + Text(partitions));
        Assert(partitions.All(Owned.Remove));
    }

    public void Lost(IReadOnlyCollection<TopicPartition> partitions) => throw new InvalidOperationException("nothing is lost in one process");

    static string Text(IEnumerable<TopicPartition> partitions) => string.Join(' ', partitions.Select(partition => partition.ToString()).Order(StringComparer.Ordinal));

    static void Assert(bool holds) => Xunit.Assert.True(holds, "a partition was assigned twice or revoked without being owned");
}
