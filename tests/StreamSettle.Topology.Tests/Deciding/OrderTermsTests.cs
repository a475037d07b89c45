using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Tests.Deciding;

/// <summary>What of a row a settlement rests on.</summary>
public sealed class OrderTermsTests
{
    readonly ShopOrder order = new(42);

    [Fact]
    public void Every_column_counts_but_invoice_and_status()
    {
        ShopOrder[] others =
        [
            order with { Promoter = null }, order with { Carrier = null }, order with { Country = "FR" }, order with { Category = "" }, order with { Currency = "USD" },
            order with { Gross = "120.0000" }, order with { Shipping = "9.0000" }, order with { Refunded = "1.0000" }, order with { ExportRefund = true },
            order with { CompletedAt = null },
        ];
        Assert.All(others, other => Assert.False(OrderTerms.SameBesidesMerchant(order.ToRow(), other.ToRow())));
        Assert.True(OrderTerms.Same(order.ToRow(), (order with { Invoice = "{}" }).ToRow()));
        Assert.False(OrderTerms.Same(order.ToRow(), (order with { Merchant = 1 }).ToRow()));
        Assert.True(OrderTerms.SameBesidesMerchant(order.ToRow(), (order with { Merchant = 1 }).ToRow()));
    }
}
