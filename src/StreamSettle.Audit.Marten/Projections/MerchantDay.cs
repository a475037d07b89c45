namespace StreamSettle.Audit.Marten.Projections;

/// <summary>What became of a merchant's money on a day (UTC, by when each fact was established) in a currency: a document of the projection <c>reports</c>, table <c>mt_doc_merchant_day</c>.</summary>
public sealed record MerchantDay
{
    /// <summary><c>437|2026-11-29|EUR</c>.</summary>
    public required string Id { get; init; }

    public long MerchantId { get; init; }

    public DateOnly Day { get; init; }

    /// <summary>ISO 4217; empty for orders that are held before their money is divided, of which no event says in which currency they are.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Decimal digits of the currency's minor unit; null without a currency.</summary>
    public int? Digits { get; init; }

    /// <summary>Orders whose money was divided on that day.</summary>
    public long SettledOrders { get; init; }

    /// <summary>Their net, whole minor units.</summary>
    public decimal SettledMinor { get; init; }

    public decimal Settled { get; init; }

    /// <summary>Reversals that were calculated on that day.</summary>
    public long Reversals { get; init; }

    public decimal ReversedMinor { get; init; }

    public decimal Reversed { get; init; }

    /// <summary>Orders that something has held since that day and holds still.</summary>
    public long HeldOrders { get; init; }

    /// <summary>What they hold, less reversals before the hold; null without a currency: then nobody knows yet.</summary>
    public decimal? HeldMinor { get; init; }

    public decimal? Held { get; init; }
}
