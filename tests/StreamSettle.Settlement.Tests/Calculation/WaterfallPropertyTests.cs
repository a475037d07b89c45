using System.Numerics;
using CsCheck;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Tests.Calculation;

public class WaterfallPropertyTests
{
    const int MostLevels = 20;

    static readonly Gen<int> Rates = Gen.OneOf(Gen.Const(0), Gen.Const(1_000_000), Gen.Int[0, 1_000_000], Gen.Int[0, 100_000]);

    static readonly Gen<long?> Caps = Gen.OneOf(Gen.Const(default(long?)), Any.Amount().Select(amount => (long?)amount));

    static readonly Gen<ModelRules> Rules =
        from tax in Gen.Select(Rates, Gen.Bool, Gen.Bool, Any.Of(Enum.GetValues<Rounding>()))
        from carrier in Gen.Select(Gen.Bool, Rates, Any.Amount())
        from fee in Gen.Select(Rates, Any.Amount(), Caps, Caps)
        from levels in Gen.Select(Rates, Caps).Array[0, MostLevels]
        from byPlatform in Gen.Bool
        from export in Rates
        select new ModelRules(
            tax.Item1, tax.Item2, tax.Item3, tax.Item4, carrier.Item1, carrier.Item2, carrier.Item3, fee.Item1, fee.Item2, fee.Item3, fee.Item4,
            levels, byPlatform, export);

    static readonly Gen<(long Gross, long Shipping, long Refunded)> Orders =
        from gross in Any.Amount(1)
        from shipping in Any.UpTo(gross)
        from refunded in Any.UpTo(gross - 1)
        select (gross, shipping, refunded);

    [Fact]
    public void Every_order_is_divided_as_the_slow_model_divides_it() =>
        Gen.Select(Rules, Orders, Gen.Int[0, MostLevels]).Sample((rules, order, chain) =>
        {
            var promoters = Promoters.Chain([.. Enumerable.Range(1, chain).Select(id => (long)id)]);
            var facts = new TestOrder
            {
                Gross = Cents(order.Gross),
                Shipping = Cents(order.Shipping),
                Refunded = Cents(order.Refunded),
                Carrier = 5,
                Promoter = chain == 0 ? null : 1,
                ExportRefund = true,
            };

            var settled = Assert.IsType<Settled>(facts.Settle(rules.ToBook(), promoters));

            var lines = settled.Lines.Select(line => (line.Party.ToString(), (BigInteger)line.Amount)).Append(("export", settled.ExportRefund));
            Assert.Equal(Model.Settle(rules, order.Gross, order.Shipping, order.Refunded, chain), lines);
            Assert.Equal(order.Gross - order.Refunded, settled.Net);
        });

    static string Cents(long amount) => $"{amount / 100}.{amount % 100:00}";
}
