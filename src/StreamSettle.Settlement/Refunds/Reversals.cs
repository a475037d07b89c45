using System.Runtime.InteropServices;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Results;

namespace StreamSettle.Settlement.Refunds;

/// <summary>How a refund that arrives after the settlement is taken back from the lines. Pure: what was settled and reversed so far is the caller's to keep.</summary>
public static class Reversals
{
    static readonly RefundDecision.Refused BadAmount = new(RefusalReasons.BadAmount);

    /// <summary>Decides a refund.</summary>
    /// <param name="currency">The settlement's.</param>
    /// <param name="gross">The gross that was settled, minor units; no refund is beyond it.</param>
    /// <param name="greatestRefunded">The greatest cumulative refund that was settled or reversed so far.</param>
    /// <param name="refunded">The cumulative refund as the column has it.</param>
    /// <param name="held">What each line still holds: settled less reversed, 0 where its leg was discarded.</param>
    public static RefundDecision Decide(Currency currency, long gross, long greatestRefunded, DecimalAmount refunded, ReadOnlySpan<long> held)
    {
        if (!refunded.TryToMinor(currency.Digits, out var minor) || minor < 0 || minor > gross)
        {
            return BadAmount;
        }

        if (minor <= greatestRefunded)
        {
            return RefundDecision.Unchanged.Instance;
        }

        var increase = minor - greatestRefunded;
        var parts = new long[held.Length];
        var shared = Share(increase, held, parts);
        return new RefundDecision.Reversed(minor, increase, ImmutableCollectionsMarshal.AsImmutableArray(parts), increase - shared);
    }

    /// <summary>Shares <paramref name="amount"/> over the lines by largest remainder, as far as they hold it; of equal fractions the earlier line gives the unit.</summary>
    /// <param name="held">What each line still holds, at least 0.</param>
    /// <param name="parts">What each gives, never more than it holds (I7).</param>
    /// <returns>The sum of the parts: <paramref name="amount"/>, or less where the lines hold less.</returns>
    /// <exception cref="BrokenInvariantException">A line holds less than nothing.</exception>
    public static long Share(long amount, ReadOnlySpan<long> held, Span<long> parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(parts.Length, held.Length);
        var total = UInt128.Zero;
        foreach (var line in held)
        {
            total += line >= 0 ? (ulong)line : throw new BrokenInvariantException($"I7: a line holds {line}: more was reversed than it got");
        }

        if (total <= (ulong)amount)
        {
            held.CopyTo(parts);
            return (long)total;
        }

        LargestRemainder.Share(amount, held, total, parts);
        return amount;
    }
}
