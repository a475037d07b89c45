namespace StreamSettle.Audit.Marten.Projections;

/// <summary>An order as its events leave it: a document of the projection <c>orders</c>, table <c>mt_doc_order_view</c>.</summary>
/// <remarks>What nothing has said yet is null, never zero.</remarks>
public sealed record OrderView
{
    /// <summary>The order's id in decimal, as the name of its stream.</summary>
    public required string Id { get; init; }

    public long OrderId { get; init; }

    /// <summary><c>scheduled</c>, <c>due</c>, <c>cancelled</c>, <c>refused</c>, <c>in delivery</c> or <c>completed</c>; <c>unknown</c> before anything has said so.</summary>
    public string State { get; init; } = "unknown";

    /// <summary>Why it was cancelled or refused; null otherwise.</summary>
    public string? Reason { get; init; }

    public long? MerchantId { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The mark.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When its money was divided.</summary>
    public DateTimeOffset? CalculatedAt { get; init; }

    /// <summary>When the last of its calls was confirmed or discarded.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>ISO 4217; null before the money is divided, as the amounts are.</summary>
    public string? Currency { get; init; }

    /// <summary>Decimal digits of the currency's minor unit.</summary>
    public int? Digits { get; init; }

    public long? GrossMinor { get; init; }

    public decimal? Gross { get; init; }

    /// <summary>Refunded before the division.</summary>
    public long? RefundedMinor { get; init; }

    public decimal? Refunded { get; init; }

    public long? NetMinor { get; init; }

    public decimal? Net { get; init; }

    /// <summary>Taken back by reversals that were calculated.</summary>
    public decimal? ReversedMinor { get; init; }

    public decimal? Reversed { get; init; }

    public string? RuleVersion { get; init; }

    public bool? Priority { get; init; }

    /// <summary>Calls that were confirmed, those of reversals too.</summary>
    public int Confirmed { get; init; }

    /// <summary>Keys of what waits for a person.</summary>
    public IReadOnlyList<string> DeadLetters { get; init; } = [];

    /// <summary>Keys of what a person gave up.</summary>
    public IReadOnlyList<string> Discarded { get; init; } = [];

    /// <summary>What holds it, such as <c>merchant:437</c>.</summary>
    public IReadOnlyList<string> Holds { get; init; } = [];

    /// <summary>Of the last event that is in here.</summary>
    public long StreamVersion { get; init; }
}
