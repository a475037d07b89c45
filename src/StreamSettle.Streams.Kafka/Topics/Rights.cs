using Confluent.Kafka.Admin;

namespace StreamSettle.Streams.Kafka.Topics;

/// <summary>What the service's user must be allowed, by what the brokers say that it is. Brokers without an authorizer allow everything.</summary>
internal static class Rights
{
    /// <summary>Consumed records of its own topics are deleted.</summary>
    static readonly AclOperation[] OfOwn = [AclOperation.Read, AclOperation.Write, AclOperation.Delete];

    static readonly AclOperation[] OfOthers = [AclOperation.Read];

    /// <summary>What is lacking on a topic; null for nothing, and where the brokers do not say.</summary>
    public static string? Problem(string applicationId, TopicDescription topic) =>
        Problem($"topic '{topic.Name}'", topic.AuthorizedOperations, topic.Name.StartsWith(applicationId + "-", StringComparison.Ordinal) ? OfOwn : OfOthers);

    /// <summary>What is lacking on a group; null for nothing, and where the brokers do not say.</summary>
    public static string? Problem(ConsumerGroupDescription group) => Problem($"group '{group.GroupId}'", group.AuthorizedOperations, OfOthers);

    static string? Problem(string what, List<AclOperation>? allowed, AclOperation[] needed) =>
        allowed is { Count: > 0 } && needed.Except(allowed).ToList() is { Count: > 0 } lacking && !allowed.Contains(AclOperation.All)
            ? $"{what} is not open to the service's user for {string.Join(" and ", lacking)}: docs/kafka.md lists the rights that it needs"
            : null;
}
