using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StreamSettle.Kernel.Failures;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Results;

namespace StreamSettle.Settlement.Calculation;

/// <summary>The lines of a waterfall, in the order of the contract.</summary>
internal static class SettlementLines
{
    /// <exception cref="BrokenInvariantException">I1: the lines are not the net.</exception>
    public static ImmutableArray<SettlementLine> Of(in Waterfall fall, in OrderFacts order)
    {
        var lines = new SettlementLine[Count(fall)];
        var at = 0;
        if (fall.Tax != 0)
        {
            lines[at++] = new(Party.Tax(CountryText.Of(order.BuyerCountry)), fall.Tax);
        }

        if (fall.Carrier != 0)
        {
            lines[at++] = new(Party.Carrier(order.CarrierId!.Value), fall.Carrier);
        }

        if (fall.Platform != 0)
        {
            lines[at++] = new(Party.Platform, fall.Platform);
        }

        for (var i = 0; i < fall.Commissions.Length; i++)
        {
            ref readonly var share = ref fall.Commissions[i];
            if (share.Paid != 0)
            {
                lines[at++] = new(Party.Promoter(share.Promoter, i + 1), share.Paid);
            }
        }

        lines[at] = new(Party.Merchant(order.Merchant), fall.Merchant);
        AssertSum(lines, fall.Money.Net);
        return ImmutableCollectionsMarshal.AsImmutableArray(lines);
    }

    static int Count(in Waterfall fall)
    {
        var count = (fall.Tax != 0 ? 1 : 0) + (fall.Carrier != 0 ? 1 : 0) + (fall.Platform != 0 ? 1 : 0) + 1;
        foreach (ref readonly var share in fall.Commissions)
        {
            count += share.Paid != 0 ? 1 : 0;
        }

        return count;
    }

    /// <exception cref="BrokenInvariantException">I1: the lines are not the net, or one is below zero.</exception>
    internal static void AssertSum(ReadOnlySpan<SettlementLine> lines, long net)
    {
        Int128 sum = 0;
        var negative = false;
        foreach (ref readonly var line in lines)
        {
            sum += line.Amount;
            negative |= line.Amount < 0;
        }

        if (sum != net || negative)
        {
            throw new BrokenInvariantException($"I1: the lines of an order sum to {sum}, its net is {net}: {string.Join(", ", lines.ToArray())}");
        }
    }
}
