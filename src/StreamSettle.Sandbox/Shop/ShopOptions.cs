namespace StreamSettle.Sandbox.Shop;

/// <summary>What the shop sells, how fast, and what goes wrong on its side.</summary>
public sealed record ShopOptions
{
    /// <summary>How many orders to make. Default 10,000.</summary>
    public int Orders { get; init; } = 10_000;

    /// <summary>Orders a second; 0, the default, as fast as the database takes them.</summary>
    public double RatePerSecond { get; init; }

    /// <summary>The same seed gives the same orders with the same fates. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Default 200.</summary>
    public int Merchants { get; init; } = 200;

    /// <summary>Share of orders that are the first merchant's beside what falls to it anyway, 0 to below 1. Default 0.</summary>
    public double DominantShare { get; init; }

    /// <summary>The n-th merchant sells in proportion to 1 / n to this power (Zipf's law); 0, the default: half of the merchants sell seven in ten orders, evenly falling.</summary>
    public double ZipfExponent { get; init; }

    /// <summary>Default 500, in trees of up to five levels.</summary>
    public int Promoters { get; init; } = 500;

    /// <summary>Share of merchants that are key accounts, 0 to 1. Default 0.05.</summary>
    public double KeyAccounts { get; init; } = 0.05;

    /// <summary>What becomes of the orders.</summary>
    public FateShares Fates { get; init; } = new();

    /// <summary>Share of orders that pass every status one by one, 0 to 1; the others go from CREATED to COMPLETED. Default 0.25.</summary>
    public double FullLives { get; init; } = 0.25;

    /// <summary>True inserts the orders as COMPLETED: half the writes, for measuring. Default false.</summary>
    public bool BornCompleted { get; init; }

    /// <summary><c>completed_at</c> is this long ago when the order is completed. Default 0: now.</summary>
    public TimeSpan CompletedAgo { get; init; }

    /// <summary>All orders are completed at this instant, so that their marks are one; null, the default: when they are written, less <see cref="CompletedAgo"/>.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What happens before the mark happens within this time after the completion. Default 2 s; keep it well below the settlement's delay.</summary>
    public TimeSpan EarlyWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Refunds after the mark come this long (up to twice as long) after the completion. Default 20 s; keep it above the settlement's delay.</summary>
    public TimeSpan LateAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Most rows in one statement. Default 500.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>The first order's id; null, the default, goes on after the greatest one in the table.</summary>
    public long? FirstOrderId { get; init; }

    /// <summary>One message for each rule that is broken; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        (string Key, string Rule, bool Holds, object Value)[] rules =
        [
            (nameof(Orders), "must be 0 or more", Orders >= 0, Orders),
            (nameof(RatePerSecond), "must be 0 (no limit) or more", RatePerSecond >= 0, RatePerSecond),
            (nameof(Merchants), "must be at least 1", Merchants >= 1, Merchants),
            (nameof(DominantShare), "must be 0 or more, and below 1", DominantShare is >= 0 and < 1, DominantShare),
            (nameof(ZipfExponent), "must be 0 to 10", ZipfExponent is >= 0 and <= 10, ZipfExponent),
            (nameof(Promoters), "must be 0 or more", Promoters >= 0, Promoters),
            (nameof(KeyAccounts), "must be 0 to 1", KeyAccounts is >= 0 and <= 1, KeyAccounts),
            (nameof(FullLives), "must be 0 to 1", FullLives is >= 0 and <= 1, FullLives),
            (nameof(EarlyWithin), "must not be negative", EarlyWithin >= TimeSpan.Zero, EarlyWithin),
            (nameof(LateAfter), "must be above EarlyWithin", LateAfter > EarlyWithin, LateAfter),
            (nameof(BatchSize), "must be 1 to 10000", BatchSize is >= 1 and <= 10_000, BatchSize),
        ];
        return rules.Where(rule => !rule.Holds).Select(rule => $"{section}:{rule.Key} {rule.Rule}, but is {rule.Value}.").Concat(Fates.Problems($"{section}:Fates"));
    }
}
