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

    /// <summary>All that this row may be refused for; empty where it can be settled. Rules are not looked at.</summary>
    public IReadOnlyList<string> Refusals(bool merchantIsKnown) =>
    [
        .. CompletedAt is null ? ["no_completed_at"] : Array.Empty<string>(),
        .. merchantIsKnown ? Array.Empty<string>() : ["unknown_merchant"],
        .. AmountRefusals(),
    ];

    /// <summary>What the calculation itself refuses, whatever stands around it.</summary>
    public IReadOnlyList<string> AmountRefusals()
    {
        if (!Kernel.Money.Currency.TryParse(Currency, out _))
        {
            return ["unknown_currency"];
        }

        var sound = Minor(Gross) is { } gross && gross > 0 && Minor(Refunded) is { } refunded && refunded >= 0 && refunded <= gross && Minor(Shipping) is { } shipping && shipping >= 0 && shipping <= gross;
        return sound ? [] : ["bad_amount"];
    }
}

/// <summary>A row of <c>merchants</c>.</summary>
public sealed record SourceMerchant(long Id, string Tier);
