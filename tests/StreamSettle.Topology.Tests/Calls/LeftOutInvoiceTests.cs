using System.Text;

namespace StreamSettle.Topology.Tests.Calls;

/// <summary>What delivery is told of an invoice, and what is recorded when one was sent later.</summary>
public sealed class LeftOutInvoiceTests : IDisposable
{
    const string Json = """{"no": "R-1", "note": "a,\"invoice\":{}"}""";

    readonly TestBench bench = new();
    readonly ShopOrder order = new(42) { Invoice = Json };

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("42:verification:0")]
    [InlineData("42:tax:0")]
    public void The_place_of_the_invoice_is_told_with_a_call_that_has_one(string key)
    {
        bench.Put(order);
        bench.PassMark();
        var body = Encoding.UTF8.GetBytes(bench.Body(key));
        var at = bench.Calls().Single(call => call.Text == key).InvoiceAt;

        Assert.Equal($",\"invoice\":{Json}}}", Encoding.UTF8.GetString(body[at..]));
    }

    [Theory]
    [InlineData("42:split:0")]
    [InlineData("42:commission:0")]
    public void No_other_call_has_a_place_for_it(string key)
    {
        bench.Put(order);
        bench.PassMark();

        Assert.Equal(0, bench.Calls().Single(call => call.Text == key).InvoiceAt);
    }

    [Fact]
    public void A_call_without_an_invoice_has_none()
    {
        bench.Put(order with { Invoice = null });
        bench.PassMark();

        Assert.All(bench.Calls(), call => Assert.Equal(0, call.InvoiceAt));
    }

    [Theory]
    [InlineData("KA", true)]
    [InlineData("STANDARD", false)]
    public void A_key_accounts_calls_say_so(string tier, bool isKeyAccount)
    {
        bench.PutMerchant(TestBench.Merchant, tier);
        bench.Put(order);
        bench.PassMark();
        bench.PutWhole(order with { Refunded = "11.9000" });

        Assert.Contains(bench.Calls(), call => call.Key.N == 1);
        Assert.All(bench.Calls(), call => Assert.Equal(isKeyAccount, call.KeyAccount));
    }

    [Fact]
    public void An_invoice_that_was_sent_later_is_recorded_once_and_after_its_call_is_confirmed()
    {
        bench.Delivery.Script = key => key.Leg is Leg.Tax
            ? [DeliveryOutcome.InvoiceDelivered, DeliveryOutcome.Confirmed, DeliveryOutcome.InvoiceDelivered]
            : [DeliveryOutcome.Confirmed];
        bench.Put(order);
        bench.PassMark();

        var events = bench.Events(42);
        Assert.Equal(["42:tax:0"], events.OfType<InvoiceDelivered>().Select(sent => sent.Key));
        Assert.True(events.ToList().FindIndex(e => e is InvoiceDelivered) > events.ToList().FindIndex(e => e is DeliveryConfirmed { Key: "42:tax:0" }));
        Assert.Single(events.OfType<SettlementCompleted>());
    }
}
