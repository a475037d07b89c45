using System.Numerics;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Tests.Calculation;

/// <summary>The contract again, slowly: unbounded integers, one step after the other, nothing shared with the program.</summary>
static class Model
{
    const long Million = 1_000_000;

    public static BigInteger Round(BigInteger numerator, BigInteger divisor, Rounding mode)
    {
        var down = numerator / divisor;
        var twice = 2 * (numerator - down * divisor);
        var up = mode switch
        {
            Rounding.HalfUp => twice >= divisor,
            Rounding.HalfEven => twice > divisor || (twice == divisor && !down.IsEven),
            Rounding.Up => twice > 0,
            _ => false,
        };
        return up ? down + 1 : down;
    }

    /// <summary>Parts by largest remainder: floors, then units by fraction, the earlier of equals first.</summary>
    public static BigInteger[] Share(BigInteger limit, IReadOnlyList<BigInteger> weights)
    {
        var total = weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
        var parts = weights.Select(weight => limit * weight / total).ToArray();
        var missing = (int)(limit - parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part));
        foreach (var i in Enumerable.Range(0, parts.Length).OrderByDescending(i => limit * weights[i] % total).ThenBy(i => i).Take(missing))
        {
            parts[i]++;
        }

        return parts;
    }

    /// <summary>The lines of an order with good amounts and a carrier, with its export refund as the last.</summary>
    public static List<(string Party, BigInteger Amount)> Settle(ModelRules rules, long gross, long shipping, long refunded, int chain)
    {
        BigInteger net = gross - refunded;
        var shippingLeft = Round(shipping * net, gross, Rounding.HalfEven);
        var goods = net - shippingLeft;
        var taxed = rules.TaxGoods ? goods : net;
        var tax = Round(taxed * rules.TaxPpm, rules.TaxIncluded ? Million + rules.TaxPpm : Million, rules.TaxRounding);
        var left = net - tax;
        var carrier = BigInteger.Min(left, Round((rules.CarrierShipping ? shippingLeft : net) * rules.CarrierPpm, Million, Rounding.HalfEven) + rules.CarrierFixed);
        left -= carrier;
        var fee = Round((net - tax) * rules.FeePpm, Million, Rounding.HalfEven) + rules.FeeFixed;
        fee = rules.FeeMin is { } min ? BigInteger.Max(fee, min) : fee;
        fee = rules.FeeMax is { } max ? BigInteger.Min(fee, max) : fee;
        fee = BigInteger.Min(fee, left);
        left -= fee;
        var basis = BigInteger.Max(goods - tax, 0);
        var commissions = rules.Levels.Take(chain).Select(level => Commission(basis, level)).ToArray();
        var limit = rules.FundedByPlatform ? fee : left;
        var sum = commissions.Aggregate(BigInteger.Zero, (total, commission) => total + commission);
        if (sum > limit)
        {
            (commissions, sum) = (Share(limit, commissions), limit);
        }

        List<(string, BigInteger)> lines = [("tax:DE", tax), ("carrier:5", carrier), ("platform", rules.FundedByPlatform ? fee - sum : fee)];
        lines.AddRange(commissions.Select((commission, i) => ($"promoter:{i + 1}", commission)));
        lines.RemoveAll(line => line.Item2.IsZero);
        lines.Add(("merchant:437", rules.FundedByPlatform ? left : left - sum));
        lines.Add(("export", Round(basis * rules.ExportPpm, Million, Rounding.Down)));
        return lines;
    }

    static BigInteger Commission(BigInteger basis, (int RatePpm, long? Cap) level)
    {
        var earned = Round(basis * level.RatePpm, Million, Rounding.Down);
        return level.Cap is { } cap ? BigInteger.Min(earned, cap) : earned;
    }
}
