namespace StreamSettle.Topology.Tests.Lives;

/// <summary>
/// People who hold and release at random, overlapping, some with an end: everything, merchants, orders and systems, also those that
/// nobody knows. Repeats from its seed.
/// </summary>
sealed class RandomHolds(TestBench bench, Random random)
{
    /// <param name="orders">The highest id of an order that there is.</param>
    public void Act(int orders)
    {
        if (random.Next(2) == 0)
        {
            ReleaseOne();
            return;
        }

        bench.Hold(
            random.Next(5) switch
            {
                0 => "everything",
                1 => $"merchant:{437 + random.Next(3)}",
                2 => $"downstream:{SettlementTopology.Calls[random.Next(4)].Name()}",
                _ => $"order:{1 + random.Next(orders + 1)}",
            },
            random.Next(2) == 0 ? bench.Now + TimeSpan.FromMinutes(random.Next(1, 60 * 40)) : null);
    }

    /// <summary>Nothing is held any more, so that everything ends as if nothing had ever been.</summary>
    public void ReleaseAll()
    {
        foreach (var hold in Standing())
        {
            bench.Release(hold.Id);
        }
    }

    void ReleaseOne()
    {
        if (Standing() is { Length: > 0 } standing)
        {
            bench.Release(standing[random.Next(standing.Length)].Id);
        }
    }

    Hold[] Standing() => [.. bench.Holds.Current.All.Where(hold => hold.StandsAt(bench.Now)).OrderBy(hold => hold.Id, StringComparer.Ordinal)];
}
