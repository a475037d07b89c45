namespace StreamSettle.Streams.Kafka.Topics;

/// <summary>What a look at the cluster's topics found.</summary>
/// <param name="Missing">What a start would make.</param>
/// <param name="Problems">What has to be mended before a start: topic, found, expected, remedy.</param>
public sealed record TopicLook(IReadOnlyList<TopicPlan> Missing, IReadOnlyList<string> Problems);
