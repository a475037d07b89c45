namespace StreamSettle.App.WhatIf;

/// <summary>What an order would have been, under the one rules and under the others. Amounts are minor units of <paramref name="Currency"/>.</summary>
/// <param name="Parties">Whose amounts differ; <c>export-refund</c> is the claim on the tax bureau, which is outside the sum.</param>
/// <param name="A">What became of it under A.</param>
/// <param name="B">What became of it under B.</param>
sealed record OrderDifference(long OrderId, long MerchantId, string Currency, string CompletedAt, IReadOnlyList<PartyAmounts> Parties, Division A, Division B)
{
    /// <summary>The greatest difference of a party.</summary>
    public Int128 Weight => Parties.Aggregate((Int128)0, (sum, party) => Int128.Max(sum, Int128.Abs((Int128)party.B - party.A)));
}

/// <summary>A party's amount under each of the two.</summary>
readonly record struct PartyAmounts(string Party, long A, long B);
