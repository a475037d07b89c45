namespace StreamSettle.Streams.Kafka.Members;

/// <summary>An instance of the application, as its own records in the members topic say.</summary>
/// <param name="InstanceId">Its <see cref="KafkaLogOptions.InstanceId"/>.</param>
/// <param name="AdvertisedUrl">Where the others reach it; null where it named nothing.</param>
/// <param name="IsSelf">It is the one that asks.</param>
/// <param name="IsLive">It was heard a moment ago (<see cref="MemberTable.SilentAfter"/>): a dead one is here for a while longer, with what nobody has taken over yet.</param>
/// <param name="Owned">What its groups have given it and nobody else since; none of a group means that it owns nothing of it.</param>
public sealed record ApplicationMember(string InstanceId, string? AdvertisedUrl, bool IsSelf, bool IsLive, IReadOnlyList<OwnedPartitions> Owned);

/// <summary>A member's share of one consumer group.</summary>
/// <param name="Group">The application id, or that of a thread group, <c>application-name</c>.</param>
/// <param name="Partitions">Indexes of the lead topic, rising: the member has the tasks with these partitions in every sub-topology of the group.</param>
public sealed record OwnedPartitions(string Group, IReadOnlyList<int> Partitions);
