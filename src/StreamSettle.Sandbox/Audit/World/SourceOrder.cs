using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Sandbox.Auditing.World;

/// <summary>A row of <c>orders</c> as it stands now.</summary>
public sealed record SourceOrder
{
    public required long Id { get; init; }

    public required long MerchantId { get; init; }

    public required string BuyerCountry { get; init; }

    public string? Category { get; init; }

    public required string Currency { get; init; }

    public required DecimalAmount Gross { get; init; }

    public required DecimalAmount Shipping { get; init; }

    public required DecimalAmount Refunded { get; init; }

    public required string Status { get; init; }

    public UtcInstant? CompletedAt { get; init; }

    public required UtcInstant UpdatedAt { get; init; }

    public bool IsCompleted => Status == "COMPLETED";

    /// <summary>The amount in minor units; null where it is none, or the currency is none.</summary>
    public long? Minor(DecimalAmount amount) =>
        Kernel.Money.Currency.TryParse(Currency, out var currency) && amount.TryToMinor(currency.Digits, out var minor) ? minor : null;

    /// <summary>What <c>settlement.md</c> refuses this row for, in its order; null where it can be settled. Rules are not looked at.</summary>
    public string? Refusal(bool merchantIsKnown) =>
        CompletedAt is null ? "no_completed_at"
        : !merchantIsKnown ? "unknown_merchant"
        : !Kernel.Money.Currency.TryParse(Currency, out _) ? "unknown_currency"
        : Minor(Gross) is { } gross && gross > 0 && Minor(Refunded) is { } refunded && refunded >= 0 && refunded <= gross && Minor(Shipping) is { } shipping && shipping >= 0 && shipping <= gross ? null
        : "bad_amount";
}
