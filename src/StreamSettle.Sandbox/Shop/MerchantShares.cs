namespace StreamSettle.Sandbox.Shop;

/// <summary>How much of the orders each merchant sells.</summary>
internal sealed class MerchantShares
{
    readonly ShopOptions options;
    readonly double[] upTo;

    public MerchantShares(ShopOptions options)
    {
        this.options = options;
        upTo = options.ZipfExponent > 0 ? new double[options.Merchants] : [];
        var sum = 0.0;
        for (var at = 0; at < upTo.Length; at++)
        {
            upTo[at] = sum += Math.Pow(at + 1, -options.ZipfExponent);
        }
    }

    /// <summary>Whose an order is, from 0. Draws as often as it did before there were choices where none is made: the same seed gives the same orders.</summary>
    public int Draw(ref SeededRandom random)
    {
        if (options.DominantShare > 0 && random.Chance(options.DominantShare))
        {
            return 0;
        }

        if (upTo.Length == 0)
        {
            // A few merchants sell most of it, as everywhere.
            return (int)(options.Merchants * Math.Pow(random.Unit(), 2));
        }

        var at = Array.BinarySearch(upTo, random.Unit() * upTo[^1]);
        return Math.Min(at < 0 ? ~at : at + 1, upTo.Length - 1);
    }
}
