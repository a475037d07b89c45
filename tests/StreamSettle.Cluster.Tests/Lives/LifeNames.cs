using StreamSettle.Streams.Log;

namespace StreamSettle.Cluster.Tests.Lives;

/// <summary>The bench's names of topics and groups, and what they are on a broker where other lives have theirs.</summary>
/// <param name="application">Of the bench's topology.</param>
/// <param name="life">A name that no other life has; the application's on the broker.</param>
sealed class LifeNames(string application, string life)
{
    readonly Dictionary<TopicPartition, TopicPartition> back = [];

    public string Application => life;

    public string There(string name) => name == application ? life : name.StartsWith(application + "-", StringComparison.Ordinal) ? life + name[application.Length..] : $"{life}-{name}";

    public TopicPartition There(TopicPartition partition)
    {
        var there = partition with { Topic = There(partition.Topic) };
        back[there] = partition;
        return there;
    }

    /// <summary>Of one that was asked for before.</summary>
    public TopicPartition Here(TopicPartition there) => back[there];
}
