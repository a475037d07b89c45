using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>What became of verifying an event log.</summary>
/// <param name="Events">From the first on, so many are as they were sealed.</param>
/// <param name="Seals">From the first on, so many follow on each other and are signed as they should be.</param>
/// <param name="Last">The last of them; null where there is none, so that nothing is proven.</param>
/// <param name="NotSealed">Events behind the last seal, of which nothing is proven yet.</param>
/// <param name="Breaks">What is not as it was sealed, the first place of each kind; empty when all is.</param>
/// <param name="OtherColumns">Columns of the events' table that seals do not cover.</param>
public sealed record LogVerdict(long Events, int Seals, Seal? Last, long NotSealed, IReadOnlyList<Break> Breaks, IReadOnlyList<string> OtherColumns)
{
    /// <summary>What does not keep the event log append-only as it should; it proves no alteration by itself.</summary>
    public IReadOnlyList<string> Unguarded { get; init; } = [];

    /// <summary>What could not be looked at, and why.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>There are seals, and everything that they cover is as it was.</summary>
    public bool IsSound => Last is not null && Breaks.Count == 0;
}
