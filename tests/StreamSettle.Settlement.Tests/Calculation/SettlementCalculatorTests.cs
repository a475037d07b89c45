using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Results;

namespace StreamSettle.Settlement.Tests.Calculation;

public class SettlementCalculatorTests
{
    const string Levels = """
        "fees": [{"when": {}, "ratePpm": 100000}],
        "commissions": [{"when": {}, "levels": [{"ratePpm": 50000}, {"ratePpm": 0}, {"ratePpm": 10000}], "fundedBy": "PLATFORM"}]
        """;

    [Fact]
    public void A_commission_line_that_is_dropped_leaves_a_gap_in_the_levels()
    {
        var settled = Assert.IsType<Settled>(new TestOrder { Promoter = 9001 }.Settle(RuleBooks.With(Levels), Promoters.Chain(9001, 9002, 9003)));

        Assert.Equal(
            [(9001, 1), (9003, 3)],
            settled.Lines.Where(line => line.Party.Kind == PartyKind.Promoter).Select(line => (line.Party.Id, line.Party.Level)));
    }

    [Fact]
    public void A_promoter_in_a_cycle_is_paid_once() =>
        Assert.Equal(
            ["platform 500", "promoter:1 500", "merchant:437 9000"],
            new TestOrder { Promoter = 1 }.Lines(RuleBooks.With(Levels), new Promoters((1, 2), (2, 1))));

    [Fact]
    public void A_promoter_without_a_row_is_paid_and_is_the_last() =>
        Assert.Equal(
            ["platform 500", "promoter:1 500", "merchant:437 9000"],
            new TestOrder { Promoter = 1 }.Lines(RuleBooks.With(Levels), Promoters.None));

    [Fact]
    public void Each_party_belongs_to_the_leg_that_pays_it()
    {
        Assert.Equal(Leg.Tax, Party.Tax("DE").Leg);
        Assert.Equal(Leg.Split, Party.Carrier(1).Leg);
        Assert.Equal(Leg.Split, Party.Platform.Leg);
        Assert.Equal(Leg.Commission, Party.Promoter(new(1), 1).Leg);
        Assert.Equal(Leg.Split, Party.Merchant(new(1)).Leg);
    }

    [Fact]
    public void An_amount_that_is_no_number_is_a_bad_amount()
    {
        var facts = new TestOrder().Facts;
        var order = new OrderFacts
        {
            Merchant = facts.Merchant,
            BuyerCountry = facts.BuyerCountry,
            Currency = facts.Currency,
            Gross = facts.Gross,
            Shipping = DecimalAmount.NotANumber,
            Refunded = facts.Refunded,
            CompletedAt = facts.CompletedAt,
        };

        Assert.Equal(new Refused("bad_amount"), SettlementCalculator.Settle(RuleBooks.With(""), order, MerchantFacts.None, Promoters.None));
    }

    [Theory]
    [InlineData("XXX", "0", "0", "unknown_currency")]
    [InlineData("eur", "1", "0", "unknown_currency")]
    [InlineData("EUR", "0", "0", "bad_amount")]
    [InlineData("EUR", "92233720368547758.08", "0", "bad_amount")]
    [InlineData("EUR", "99999999999999999999999999999999999999", "0", "bad_amount")]
    [InlineData("EUR", "1", "1.001", "bad_amount")]
    [InlineData("EUR", "1", "0", "no_rules")]
    public void A_refusal_names_the_first_thing_that_is_wrong(string currency, string gross, string refunded, string reason)
    {
        var order = new TestOrder { Currency = currency, Gross = gross, Refunded = refunded, CompletedAt = "2025-01-01T00:00:00Z" };

        Assert.Equal(new Refused(reason), order.Settle(RuleBooks.With("")));
    }

    [Fact]
    public void What_was_refunded_wholly_is_cancelled_even_without_rules() =>
        Assert.Same(Cancelled.Instance, new TestOrder { Refunded = "100", CompletedAt = "2025-01-01T00:00:00Z" }.Settle(RuleBooks.With("")));

    [Fact]
    public void A_country_that_is_not_two_letters_is_written_as_it_is() =>
        Assert.Equal(
            ["tax:Ö1 1000", "merchant:437 9000"],
            new TestOrder { Country = "Ö1" }.Lines(RuleBooks.With("""
                "taxes": [{"when": {"country": "Ö1"}, "ratePpm": 100000, "mode": "WITHHELD", "base": "ALL", "rounding": "DOWN"}]
                """)));

    [Theory]
    [InlineData(60, 39)]
    [InlineData(101, -1)]
    public void Lines_that_are_not_the_net_stop_the_process(long tax, long merchant) =>
        Assert.Throws<BrokenInvariantException>(
            () => SettlementLines.AssertSum([new(Party.Tax("DE"), tax), new(Party.Merchant(new(1)), merchant)], 100));

    [Fact]
    public void Nothing_is_allocated_beyond_the_result()
    {
        var (book, order, chain) = (RuleBooks.With(Levels), new TestOrder { Promoter = 9001 }, Promoters.Chain(9001, 9002, 9003));
        var result = Assert.IsType<Settled>(order.Settle(book, chain));

        var settling = Allocated(() => order.Settle(book, chain));

        Assert.Equal(
            Allocated(() => result with { }) + Allocated(() => new SettlementLine[result.Lines.Length]) + Allocated(() => Facts(order)),
            settling);
    }

    // What the test's own order allocates to give its columns.
    static object? Facts(TestOrder order)
    {
        _ = order.Facts;
        _ = order.MerchantFacts;
        return null;
    }

    static long Allocated(Func<object?> make)
    {
        make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var kept = make();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(kept);
        return bytes;
    }
}
