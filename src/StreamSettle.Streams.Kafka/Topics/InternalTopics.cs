using System.Text;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Topics;

/// <summary>The topics that hold what a topology has not finished: changelogs of its stores and its repartition topics. Kept as a named value, a line a topic.</summary>
internal sealed class InternalTopics : IEquatable<InternalTopics>
{
    public const string ValueName = "internal-topics";

    readonly SortedSet<string> names;

    InternalTopics(IEnumerable<string> names) => this.names = new(names, StringComparer.Ordinal);

    /// <summary>A caller that names no changelog does not speak of the whole topology.</summary>
    public bool IsEmpty => names.Count == 0;

    public static InternalTopics Of(IReadOnlyCollection<TopicSpec> needed) => new(
        needed.Any(topic => topic.Use == TopicUse.Changelog) ? needed.Where(topic => topic.Use is TopicUse.Changelog or TopicUse.Repartition).Select(topic => topic.Name) : []);

    public static InternalTopics Decode(byte[]? value) => new(value is null ? [] : Encoding.UTF8.GetString(value).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    public byte[] Encode() => Encoding.UTF8.GetBytes(string.Join('\n', names));

    /// <summary>Why this topology cannot go on with what another has left; null when it can. It may have more.</summary>
    public string? Problem(InternalTopics before, string applicationId)
    {
        var left = before.names.Except(names).ToList();
        return left.Count == 0
            ? null
            : $"the topology has no use any more for {string.Join(", ", left)}, which an earlier start of '{applicationId}' has filled: what is in there would never be finished. "
                + "Go on with the version that has these stores and links until they are empty, or name another Kafka:ApplicationId, which begins anew";
    }

    public bool Equals(InternalTopics? other) => other is not null && names.SetEquals(other.names);

    public override bool Equals(object? obj) => Equals(obj as InternalTopics);

    public override int GetHashCode() => names.Count;
}
