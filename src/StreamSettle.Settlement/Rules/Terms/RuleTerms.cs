using StreamSettle.Settlement.Rules.Lookup;

namespace StreamSettle.Settlement.Rules.Terms;

/// <summary>Terms of a rule of <c>delays</c>: from completion to the mark.</summary>
internal sealed record DelayTerms(TimeSpan Delay)
{
    /// <summary>Where no rule says otherwise, and where no rule set is in force.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromHours(24);
}

/// <summary>Terms of a rule of <c>fees</c>. A <see cref="Max"/> below <see cref="Min"/> is legal: it comes last.</summary>
internal sealed record FeeTerms(int RatePpm, CurrencyAmounts Fixed, CurrencyAmounts Min, CurrencyAmounts Max);

/// <summary>What the carrier's rate is taken of.</summary>
internal enum LogisticsBasis : byte
{
    /// <summary>The shipping that is left after refunds.</summary>
    Shipping = 1,

    /// <summary>The net.</summary>
    Net = 2,
}

/// <summary>Terms of a rule of <c>logistics</c>.</summary>
internal sealed record LogisticsTerms(LogisticsBasis Basis, int RatePpm, CurrencyAmounts Fixed);

/// <summary>Whose money the commissions are.</summary>
internal enum CommissionFunding : byte
{
    /// <summary>The fee's; they cannot be more than it.</summary>
    Platform = 1,

    /// <summary>What is left for the merchant; they cannot be more than that.</summary>
    Merchant = 2,
}

/// <summary>What one level of the chain gets.</summary>
internal sealed record CommissionLevel(int RatePpm, CurrencyAmounts Cap);

/// <summary>Terms of a rule of <c>commissions</c>.</summary>
/// <param name="Levels">Nearest promoter first.</param>
internal sealed record CommissionTerms(CommissionLevel[] Levels, CommissionFunding FundedBy);

/// <summary>Whether the tax is part of the price already.</summary>
internal enum TaxMode : byte
{
    /// <summary>The base holds it: <c>b * r / (1 + r)</c>.</summary>
    Included = 1,

    /// <summary>It is kept back from the base: <c>b * r</c>.</summary>
    Withheld = 2,
}

/// <summary>What is taxed.</summary>
internal enum TaxBase : byte
{
    /// <summary>The net without shipping.</summary>
    Goods = 1,

    /// <summary>The net.</summary>
    All = 2,
}

/// <summary>Terms of a rule of <c>taxes</c>.</summary>
internal sealed record TaxTerms(int RatePpm, TaxMode Mode, TaxBase Base, Rounding Rounding);

/// <summary>Terms of a rule of <c>exportRefunds</c>.</summary>
internal sealed record ExportRefundTerms(int RatePpm);

/// <summary>Terms of a rule of <c>payouts</c>. What is null does not delay.</summary>
internal sealed record PayoutTerms(CurrencyAmounts Minimum, TimeSpan? MaxWait, string? Calendar, TimeOnly? CutOff);
