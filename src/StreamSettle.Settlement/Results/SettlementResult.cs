using System.Collections.Immutable;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;

namespace StreamSettle.Settlement.Results;

/// <summary>What became of an order: the closed family of outcomes of the calculation.</summary>
public abstract record SettlementResult
{
    private protected SettlementResult()
    {
    }
}

/// <summary>The money is divided. All amounts are minor units of <paramref name="Currency"/>.</summary>
/// <param name="RuleVersion">The rule set that was in force when the order was completed.</param>
/// <param name="DueAt">The mark: completion plus the delay of the rules.</param>
/// <param name="Priority">Key account, or a net above 10,000 USD.</param>
/// <param name="Refunded">Refunds that were known and are not in <paramref name="Net"/>.</param>
/// <param name="Net">Gross less refunded, and the sum of the lines (I1).</param>
/// <param name="Lines">In the order of the contract; the merchant's is the last and always there.</param>
/// <param name="ExportRefund">The claim on the tax bureau, outside the sum; 0 for none.</param>
public sealed record Settled(
    string RuleVersion, UtcInstant DueAt, bool Priority, Currency Currency, long Gross, long Refunded, long Net,
    ImmutableArray<SettlementLine> Lines, long ExportRefund) : SettlementResult
{
    /// <summary>How the split is paid out; null where nothing delays it. It moves no amount.</summary>
    public AgreedPayout? Payout { get; init; }
}

/// <summary>All of it was refunded: nothing to settle.</summary>
public sealed record Cancelled : SettlementResult
{
    Cancelled()
    {
    }

    public static Cancelled Instance { get; } = new();
}

/// <summary>The order cannot be calculated as it is.</summary>
/// <param name="Reason">One of <see cref="RefusalReasons"/>.</param>
public sealed record Refused(string Reason) : SettlementResult;
