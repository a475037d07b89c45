using StreamSettle.Kernel.Failures;

namespace StreamSettle.Settlement.Calculation;

/// <summary>Shares a limit by weights so that nothing is lost: all rounded down, then what is left goes by one to the greatest fractions.</summary>
internal static class LargestRemainder
{
    const int MaxOnStack = 32;

    /// <summary>Fills <paramref name="parts"/>; of equal fractions the earlier gets the unit.</summary>
    /// <param name="limit">From 0 to <paramref name="total"/>.</param>
    /// <param name="weights">At least 0.</param>
    /// <param name="total">The sum of the weights, above 0; may be beyond 63 bits, products stay below 127.</param>
    public static void Share(long limit, ReadOnlySpan<long> weights, UInt128 total, Span<long> parts)
    {
        Span<UInt128> rests = weights.Length <= MaxOnStack ? stackalloc UInt128[weights.Length] : new UInt128[weights.Length];
        var left = limit;
        for (var i = 0; i < weights.Length; i++)
        {
            var product = (UInt128)(ulong)limit * (ulong)weights[i];
            var quotient = product / total;
            rests[i] = product - quotient * total;
            parts[i] = (long)quotient;
            left -= parts[i];
        }

        for (; left > 0; left--)
        {
            var greatest = Greatest(rests);
            parts[greatest]++;
            rests[greatest] = UInt128.Zero;
        }
    }

    // What is left is the sum of the fractions, each below one: there are more fractions above zero than units left, so a zero one never gets a unit.
    static int Greatest(ReadOnlySpan<UInt128> rests)
    {
        var greatest = 0;
        for (var i = 1; i < rests.Length; i++)
        {
            greatest = rests[i] > rests[greatest] ? i : greatest;
        }

        return rests[greatest] != UInt128.Zero
            ? greatest
            : throw new BrokenInvariantException("I1: a unit is left over, but no fraction is: the weights are not their total");
    }
}
