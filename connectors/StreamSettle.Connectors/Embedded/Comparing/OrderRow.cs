using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Comparing;

/// <summary>An order as the shop has it now, as far as its settlement rests on it; nothing about its buyer. A column that the table has not reads as null.</summary>
public sealed record OrderRow
{
    public required OrderId Id { get; init; }

    /// <summary>Null where the column is.</summary>
    public required long? Merchant { get; init; }

    public required long? Promoter { get; init; }

    public required long? Carrier { get; init; }

    public required string? BuyerCountry { get; init; }

    public required string? Category { get; init; }

    public required string? Currency { get; init; }

    /// <summary>Major units; not a number where the column is null.</summary>
    public required DecimalAmount Gross { get; init; }

    public required DecimalAmount Shipping { get; init; }

    /// <summary>Cumulative.</summary>
    public required DecimalAmount Refunded { get; init; }

    public required string? Status { get; init; }

    public required bool ExportRefund { get; init; }

    /// <summary>Null where the column is null, infinite, or beyond what is read.</summary>
    public required UtcInstant? CompletedAt { get; init; }

    public bool IsCompleted => Status == "COMPLETED";
}
