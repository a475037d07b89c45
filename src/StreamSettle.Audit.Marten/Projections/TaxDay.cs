namespace StreamSettle.Audit.Marten.Projections;

/// <summary>Tax of a country on a day (UTC, by when each fact was established) in a currency: a document of the projection <c>reports</c>, table <c>mt_doc_tax_day</c>.</summary>
public sealed record TaxDay
{
    /// <summary><c>2026-11-29|EUR|DE</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The buyer's, as the source has it.</summary>
    public string Country { get; init; } = "";

    public DateOnly Day { get; init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Decimal digits of the currency's minor unit.</summary>
    public int Digits { get; init; }

    /// <summary>Orders with a line of tax that were divided on that day.</summary>
    public long Orders { get; init; }

    /// <summary>Whole minor units.</summary>
    public decimal TaxMinor { get; init; }

    public decimal Tax { get; init; }

    /// <summary>Reversals with a line of tax that were calculated on that day.</summary>
    public long Reversals { get; init; }

    public decimal ReversedMinor { get; init; }

    public decimal Reversed { get; init; }
}
