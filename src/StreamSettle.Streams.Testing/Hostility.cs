namespace StreamSettle.Streams.Testing;

/// <summary>How a <see cref="MemoryLog"/> behaves at its worst, as Kafka may: drawn from a seeded generator, so that the same seed gives the same faults.</summary>
/// <param name="random">Seeded; print the seed.</param>
public sealed class Hostility(Random random)
{
    const int GapMax = 3;
    const int AgainMax = 5;

    /// <summary>A commit is aborted: its records take offsets that nobody ever reads. Default: one in 16.</summary>
    public int AbortOneIn { get; init; } = 16;

    /// <summary>A member is taken for dead: its partitions go to others, and it is told by its next poll or commit. Default: one in 64 polls and commits.</summary>
    public int FenceOneIn { get; init; } = 64;

    /// <summary>What a restore of a store brings at most in pieces: from none to so many. Default 2.</summary>
    public int PiecesMax { get; init; } = 2;

    internal bool Aborts() => random.Next(AbortOneIn) == 0;

    internal bool Fences() => random.Next(FenceOneIn) == 0;

    /// <summary>A commit is decided later than it is begun.</summary>
    internal bool Delays() => random.Next(2) == 0;

    /// <summary>Offsets that compaction left before a record.</summary>
    internal int Gap() => random.Next(4) == 0 ? random.Next(GapMax) + 1 : 0;

    /// <summary>Records that are delivered again before the next ones.</summary>
    internal int Again() => random.Next(6) == 0 ? random.Next(AgainMax) : 0;

    /// <summary>Records of one partition in one poll.</summary>
    internal int Records(int max) => random.Next(3) == 0 ? Math.Min(max, random.Next(3) + 1) : max;

    internal int Pieces() => random.Next(PiecesMax + 1);
}
