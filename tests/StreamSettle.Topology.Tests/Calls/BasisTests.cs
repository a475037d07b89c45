namespace StreamSettle.Topology.Tests.Calls;

/// <summary>What a calculation records of what it rested on.</summary>
public sealed class BasisTests : IDisposable
{
    readonly TestBench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void It_has_what_rules_ask_for_and_the_chain_of_promoters_beyond_the_levels_that_are_paid()
    {
        for (var promoter = 1; promoter < 20; promoter++)
        {
            bench.PutPromoter(promoter, promoter + 1);
        }

        var basis = Basis(new ShopOrder(42) { Category = "books", ExportRefund = true, Promoter = 1 });

        Assert.Equal(("DE", 1_000L, true, "books", 7L), (basis.BuyerCountry, basis.Shipping, basis.SoldAbroad, basis.Category, basis.CarrierId!.Value));
        Assert.Equal([1L, 2, 3, 4, 5, 6, 7, 8], basis.Promoters);
        Assert.NotNull(basis.Tier);
    }

    [Fact]
    public void A_circle_of_promoters_and_one_without_a_row_end_the_chain()
    {
        bench.PutPromoter(1, 2);
        bench.PutPromoter(2, 1);
        bench.PutPromoter(3, 77);

        bench.Put(new ShopOrder(43) { Promoter = 3 });

        Assert.Equal([1L, 2], Basis(new ShopOrder(42) { Promoter = 1 }).Promoters);
        Assert.Equal([3L, 77], bench.Only<SettlementCalculated>(43).Basis!.Promoters);
    }

    [Fact]
    public void What_the_order_has_not_is_left_out()
    {
        var basis = Basis(new ShopOrder(42) { Promoter = null, Carrier = null });

        Assert.Empty(basis.Promoters);
        Assert.Null(basis.Category);
        Assert.Null(basis.CarrierId);
    }

    SettlementBasis Basis(ShopOrder order)
    {
        bench.Put(order);
        bench.PassMark();
        return bench.Only<SettlementCalculated>(order.Id).Basis!;
    }
}
