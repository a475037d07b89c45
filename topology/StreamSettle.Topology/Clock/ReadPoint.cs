namespace StreamSettle.Topology.Clock;

/// <summary>Everything that stood in the source at an instant is in the log.</summary>
/// <param name="At">The instant, as <see cref="TimeProvider.GetTimestamp"/> tells it: taken before the source was asked where it stands.</param>
/// <param name="Ends">End offset of each partition of the topic of orders when all of it was in the log.</param>
sealed record ReadPoint(long At, IReadOnlyList<long> Ends)
{
    /// <summary>Once all below the ends is processed, all transactions are whole that have a record below these. By default the ends: they stand between two of them.</summary>
    public IReadOnlyList<long> WholeEnds { get; init; } = Ends;
}
