using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Calculation;

/// <summary>What each promoter of a chain earns, and gets.</summary>
internal static class CommissionSharing
{
    /// <summary>Most levels that need no heap: a rule with more is legal, and rare.</summary>
    public const int MaxOnStack = 16;

    /// <summary>Fills earned and paid of each promoter of <paramref name="chain"/>, which has at most as many as there are levels; returns what is paid in all.</summary>
    /// <param name="basis">Goods after tax.</param>
    /// <param name="limit">The most that is paid in all.</param>
    public static long Pay(CommissionLevel[] levels, long basis, Currency currency, long limit, Span<CommissionShare> chain)
    {
        var total = UInt128.Zero;
        for (var i = 0; i < chain.Length; i++)
        {
            var earned = Exact.Rate(basis, levels[i].RatePpm, Rounding.Down);
            earned = levels[i].Cap.TryGet(currency, out var cap) ? Math.Min(earned, cap) : earned;
            chain[i].Earned = chain[i].Paid = earned;
            total += (ulong)earned;
        }

        if (total <= (ulong)limit)
        {
            return (long)total;
        }

        ShareLimit(limit, total, chain);
        return limit;
    }

    static void ShareLimit(long limit, UInt128 total, Span<CommissionShare> chain)
    {
        Span<long> weights = chain.Length <= MaxOnStack ? stackalloc long[chain.Length] : new long[chain.Length];
        Span<long> parts = chain.Length <= MaxOnStack ? stackalloc long[chain.Length] : new long[chain.Length];
        for (var i = 0; i < chain.Length; i++)
        {
            weights[i] = chain[i].Earned;
        }

        LargestRemainder.Share(limit, weights, total, parts);
        for (var i = 0; i < chain.Length; i++)
        {
            chain[i].Paid = parts[i];
        }
    }
}
