namespace StreamSettle.App.WhatIf;

/// <summary>A party's sum over orders, in minor units of one currency.</summary>
/// <param name="MerchantId">Whose orders; null for all merchants.</param>
/// <param name="Orders">In how many orders it differs.</param>
sealed record PartyTotal(long? MerchantId, string Currency, string Party, Int128 A, Int128 B, long Orders)
{
    public Int128 Difference => B - A;
}

/// <summary>Adds parties up.</summary>
sealed class PartySums
{
    readonly Dictionary<(string Currency, string Party), (Int128 A, Int128 B, long Orders)> sums = [];

    public void Add(string currency, PartyAmounts party)
    {
        var sum = sums.GetValueOrDefault((currency, party.Party));
        sums[(currency, party.Party)] = (sum.A + party.A, sum.B + party.B, sum.Orders + (party.A == party.B ? 0 : 1));
    }

    /// <summary>Those that differ in some order; what was added is forgotten.</summary>
    public IReadOnlyList<PartyTotal> Take(long? merchant)
    {
        List<PartyTotal> totals =
        [
            .. sums.Where(sum => sum.Value.Orders > 0).OrderBy(sum => sum.Key.Currency, StringComparer.Ordinal).ThenBy(sum => sum.Key.Party, StringComparer.Ordinal)
                .Select(sum => new PartyTotal(merchant, sum.Key.Currency, sum.Key.Party, sum.Value.A, sum.Value.B, sum.Value.Orders)),
        ];
        sums.Clear();
        return totals;
    }
}
