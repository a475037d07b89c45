using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Kafka.Members;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Topics;

/// <summary>A topic as it is made when it is missing, and what an existing one must be like.</summary>
/// <param name="IsOthers">Others write it: how its old records go is theirs to say.</param>
/// <param name="Partitions">Null where any number will do: how many a topic of somebody else has is theirs to say. It is made with <paramref name="MadeWith"/>.</param>
public sealed record TopicPlan(string Name, int? Partitions, int MadeWith, IReadOnlyDictionary<string, string> Settings, bool IsOthers = false)
{
    const string CleanupPolicy = "cleanup.policy";
    const string RetentionMs = "retention.ms";
    const string RetentionBytes = "retention.bytes";
    const string Forever = "-1";

    // As Kafka Streams makes them.
    static readonly Dictionary<string, string> Compacted = new() { [CleanupPolicy] = "compact", ["message.timestamp.type"] = "CreateTime" };

    static readonly Dictionary<string, string> Kept = new() { [CleanupPolicy] = "delete", [RetentionMs] = Forever, ["message.timestamp.type"] = "CreateTime" };

    // What instances say of themselves every other second: only the last minutes count, and a start reads all of it.
    static readonly Dictionary<string, string> Beats = new()
    {
        [CleanupPolicy] = "delete", [RetentionMs] = "3600000", ["segment.ms"] = "600000", ["message.timestamp.type"] = "CreateTime",
    };

    /// <summary>All topics that an application needs, those of the log itself too.</summary>
    public static IReadOnlyList<TopicPlan> Of(string applicationId, IEnumerable<TopicSpec> topics) =>
    [
        .. topics.Select(topic => topic.Use switch
        {
            TopicUse.Changelog => new TopicPlan(topic.Name, topic.Partitions, topic.Partitions, Compacted),
            TopicUse.GlobalStore => new TopicPlan(topic.Name, null, topic.Partitions, Compacted),
            _ => new TopicPlan(topic.Name, topic.Partitions, topic.Partitions, Kept, IsOthers: topic.Use == TopicUse.Source),
        }),
        new(NamedValues.TopicOf(applicationId), 1, 1, Compacted),
        new(MemberTable.TopicOf(applicationId), 1, 1, Beats),
    ];

    /// <summary>What is wrong with the topic as it is: found, expected, remedy. Null for nothing.</summary>
    /// <param name="settings">As the broker has them; what it does not tell is not checked.</param>
    public string? Problem(int partitions, Func<string, string?> settings)
    {
        if (Partitions is { } wanted && partitions != wanted)
        {
            return $"topic '{Name}' has {partitions} partitions, but the application has {wanted}: keys are kept by partition. Set Partitions to {partitions} if all its topics have as many, or name another "
                + "Kafka:ApplicationId (for topics of others: Source:Topic), whose topics are made anew";
        }

        var policy = IsOthers ? null : settings(CleanupPolicy);
        if (policy is not null && IsCompacted(policy) != IsCompacted(Settings[CleanupPolicy]))
        {
            return $"topic '{Name}' has {CleanupPolicy}={policy}, but {Settings[CleanupPolicy]} is expected: {(IsCompacted(policy) ? "it would lose records of one key" : "it would lose what is still valid")}. {Alter(CleanupPolicy)}";
        }

        if (policy is not null && IsCompacted(policy) && policy.Contains("delete", StringComparison.Ordinal))
        {
            return $"topic '{Name}' has {CleanupPolicy}={policy}, but {Settings[CleanupPolicy]} is expected: it would lose what is old and still valid. {Alter(CleanupPolicy)}";
        }

        // Of a compacted topic neither applies.
        return policy is not null && !IsCompacted(policy) && Settings[RetentionMs] == Forever
            ? new[] { RetentionMs, RetentionBytes }.Where(setting => settings(setting) is not (null or Forever))
                .Select(setting => $"topic '{Name}' has {setting}={settings(setting)}, but {Forever} is expected: it would lose what was not read yet. {Alter(setting)}").FirstOrDefault()
            : null;
    }

    static bool IsCompacted(string policy) => policy.Contains("compact", StringComparison.Ordinal);

    string Alter(string setting) => $"kafka-configs.sh --alter --topic {Name} --add-config {setting}={Settings.GetValueOrDefault(setting, Forever)}";
}
