using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Settlement.Facts;

/// <summary>What the calculation needs to know of an order, as views of the columns. Whether the amounts are good is for the calculation to say.</summary>
public readonly ref struct OrderFacts
{
    /// <summary>The merchant that is paid.</summary>
    public required MerchantId Merchant { get; init; }

    /// <summary>Who is paid the first commission level; null for nobody.</summary>
    public PromoterId? Promoter { get; init; }

    /// <summary>Null: no logistics line.</summary>
    public long? CarrierId { get; init; }

    /// <summary>As the column has it, UTF-8.</summary>
    public required ReadOnlySpan<byte> BuyerCountry { get; init; }

    /// <summary>UTF-8; means something only with <see cref="HasCategory"/>.</summary>
    public ReadOnlySpan<byte> Category { get; init; }

    /// <summary>False where the column is null: then no rule for a category matches, nor one for the empty category.</summary>
    public bool HasCategory { get; init; }

    /// <summary>The column's text; may be no currency that we know.</summary>
    public required ReadOnlySpan<byte> Currency { get; init; }

    public required DecimalAmount Gross { get; init; }

    /// <summary>Part of <see cref="Gross"/>.</summary>
    public required DecimalAmount Shipping { get; init; }

    /// <summary>Cumulative.</summary>
    public required DecimalAmount Refunded { get; init; }

    public bool ExportRefund { get; init; }

    public required UtcInstant CompletedAt { get; init; }
}
