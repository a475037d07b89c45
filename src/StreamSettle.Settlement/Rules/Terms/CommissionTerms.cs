using StreamSettle.Settlement.Rules.Lookup;

namespace StreamSettle.Settlement.Rules.Terms;

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
