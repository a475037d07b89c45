namespace StreamSettle.Topology.Clock;

/// <summary>Everything that stood in the source at an instant is in the log, and no transaction half: the point stands between two of them.</summary>
/// <param name="At">The instant, as <see cref="TimeProvider.GetTimestamp"/> tells it: taken before the source was asked where it stands.</param>
/// <param name="Ends">End offset of each partition of the topic of orders when all of it was in the log.</param>
sealed record ReadPoint(long At, IReadOnlyList<long> Ends);
