namespace StreamSettle.Delivery.Budgets;

/// <summary>A partition's part of a whole. The parts of all partitions are the whole, so who keeps to those of its own leaves the others theirs (I11).</summary>
internal static class Shares
{
    /// <summary>What is left over when all have the same goes to the first, one each.</summary>
    internal static long Of(long whole, int partition, int partitions) => whole / partitions + (partition < whole % partitions ? 1 : 0);

    /// <summary>Too small to be shared: some partitions would have nothing for ever. Such a limit goes by turns.</summary>
    internal static bool IsSmall(long limit, int partitions) => limit < partitions;

    /// <summary>Each limit's part; one that goes by turns is counted and does not bind.</summary>
    internal static RateRule[] Of(IReadOnlyList<RateRule> rules, int partition, int partitions) =>
        [.. rules.Select(rule => rule with { Limit = IsSmall(rule.Limit, partitions) ? long.MaxValue : Of(rule.Limit, partition, partitions) })];
}
