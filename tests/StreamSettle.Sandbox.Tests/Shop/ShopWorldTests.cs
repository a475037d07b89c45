using StreamSettle.Kernel.Money;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Shop;

public class ShopWorldTests
{
    [Theory]
    [InlineData(0.9, 0, 0.9, 0.93)]
    [InlineData(0, 1, 0.10, 0.13)]
    [InlineData(0, 0, 0.02, 0.06)]
    public void The_first_merchant_sells_as_much_as_was_asked_for(double dominant, double zipf, double least, double most)
    {
        var world = new ShopWorld(new() { Merchants = 5_000 / (zipf > 0 ? 1 : 5), DominantShare = dominant, ZipfExponent = zipf, Fates = FateShares.None });
        var orders = Enumerable.Range(1, 20_000).Select(id => world.Order(id)).ToList();

        Assert.InRange(orders.Count(order => order.MerchantId == 1) / 20_000.0, least, most);
        Assert.True(orders.Select(order => order.MerchantId).Distinct().Count() > 500);
    }

    [Fact]
    public void The_same_seed_sells_the_same_orders_in_whatever_order_they_are_asked_for()
    {
        var (first, second) = (new ShopWorld(new() { Seed = 7 }), new ShopWorld(new() { Seed = 7 }));
        var forwards = Enumerable.Range(1, 200).Select(id => first.Order(id)).ToArray();
        var backwards = Enumerable.Range(1, 200).Reverse().Select(id => second.Order(id)).Reverse().ToArray();

        Assert.Equal(forwards, backwards);
        Assert.NotEqual(forwards, Enumerable.Range(1, 200).Select(id => new ShopWorld(new() { Seed = 8 }).Order(id)).ToArray());
    }

    [Fact]
    public void Amounts_are_whole_minor_units_of_their_currency_and_shipping_is_part_of_the_gross()
    {
        var world = new ShopWorld(new());
        foreach (var order in Enumerable.Range(1, 3000).Select(id => world.Order(id)))
        {
            Assert.True(Currency.TryParse(order.Currency, out var currency));
            Assert.Equal(order.Gross, Math.Round(order.Gross, currency.Digits));
            Assert.Equal(order.Shipping, Math.Round(order.Shipping, currency.Digits));
            Assert.InRange(order.Shipping, 0, order.Gross);
        }
    }

    [Fact]
    public void The_world_is_wide()
    {
        var world = new ShopWorld(new() { Merchants = 300 });
        var orders = Enumerable.Range(1, 20_000).Select(id => world.Order(id)).ToArray();

        Assert.Equal(["CNY", "EUR", "GBP", "JPY", "KWD", "USD"], orders.Select(order => order.Currency).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(30, orders.Select(order => order.BuyerCountry).Distinct().Count());
        Assert.Contains(orders, order => order is { Currency: "USD", Gross: > 10_000 });
        Assert.Contains(orders, order => order.PromoterId > 500);
        Assert.Contains(world.Merchants, merchant => merchant.Tier == "KA");
        Assert.Contains(world.Promoters, promoter => promoter.ParentId is not null);
        Assert.All(world.Promoters, promoter => Assert.True(promoter.ParentId is null || promoter.ParentId < promoter.Id));
        Assert.Contains(orders, order => order.ExportRefund);
        Assert.Contains(orders, order => order.CarrierId is null);
    }

    [Fact]
    public void Fates_come_in_their_shares()
    {
        var world = new ShopWorld(new() { Fates = FateShares.None with { RefundedAfter = 0.25, Poison = 0.1 } });
        var fates = Enumerable.Range(1, 20_000).Select(id => world.Order(id).Fate).CountBy(fate => fate).ToDictionary();

        Assert.InRange(fates[OrderFate.RefundedAfter], 4500, 5500);
        Assert.All([OrderFate.UnknownCurrency, OrderFate.NegativeShipping, OrderFate.NoCompletedAt, OrderFate.UnknownMerchant], poison => Assert.InRange(fates[poison], 400, 600));
        Assert.Equal(6, fates.Count);
    }

    [Fact]
    public void Refunds_are_cumulative_and_never_above_the_gross()
    {
        var options = new ShopOptions { Fates = FateShares.None with { RefundedAfter = 0.5, RefundedPartlyBefore = 0.5 } };
        var world = new ShopWorld(options);
        var plan = new FatePlan(options, world);
        foreach (var order in Enumerable.Range(1, 5000).Select(id => world.Order(id)))
        {
            var edits = plan.After(order, 1_000_000).ToArray();
            Assert.Equal(edits.OrderBy(edit => edit.AtUs), edits);
            Assert.Equal(edits.OrderBy(edit => edit.Refunded), edits);
            Assert.All(edits, edit => Assert.InRange(edit.Refunded!.Value, order.Gross / 1_000_000, order.Gross));
            var late = order.Fate == OrderFate.RefundedAfter;
            Assert.All(edits, edit => Assert.Equal(late, edit.AtUs - 1_000_000 >= options.LateAfter.TotalMicroseconds));
        }
    }

    [Fact]
    public void Options_name_what_is_wrong()
    {
        var problems = new ShopOptions { Merchants = 0, Fates = new() { Deleted = 2 } }.Problems("Shop").ToArray();

        Assert.Contains("Shop:Merchants must be at least 1, but is 0.", problems);
        Assert.Contains("Shop:Fates: the share of Deleted must be 0 to 1, but is 2.", problems);
    }
}
