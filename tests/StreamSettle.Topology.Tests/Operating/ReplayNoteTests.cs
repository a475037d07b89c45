namespace StreamSettle.Topology.Tests.Operating;

/// <summary>Why a person has something tried again stands in the order's history, wherever it waited.</summary>
public sealed class ReplayNoteTests : IDisposable
{
    readonly TestBench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Of_an_order_that_was_refused_before_its_mark()
    {
        bench.Put(new ShopOrder(42) { CompletedAt = null });
        bench.Operate("42:calculation:0", replay: true, reason: "looked at");
        Assert.Equal("looked at", bench.Only<DeliveryReplayed>(42).Note);
    }

    [Fact]
    public void Of_an_order_that_was_refused_from_its_mark_on()
    {
        bench.Put(new ShopOrder(42) { Currency = "XXX" });
        bench.PassMark();
        bench.Operate("42:calculation:0", replay: true, reason: "looked at");
        Assert.Equal("looked at", bench.Only<DeliveryReplayed>(42).Note);
    }

    [Fact]
    public void Of_a_refund()
    {
        bench.Put(new(42));
        bench.PassMark();
        bench.PutWhole(new ShopOrder(42) { Refunded = "5000.0000" });
        bench.Operate("42:calculation:1", replay: true, reason: "looked at");
        Assert.Equal("looked at", bench.Only<DeliveryReplayed>(42).Note);
    }

    [Fact]
    public void Of_a_call_and_none_where_none_was_given()
    {
        bench.Delivery.Script = key => key.Leg == Leg.Verification ? [DeliveryOutcome.DeadLettered] : [DeliveryOutcome.Confirmed];
        bench.Put(new(42));
        bench.Put(new(43));
        bench.PassMark();
        bench.Operate("42:verification:0", replay: true, reason: "looked at");
        bench.Replay("43:verification:0");
        Assert.Equal("looked at", bench.Only<DeliveryReplayed>(42).Note);
        Assert.Null(bench.Only<DeliveryReplayed>(43).Note);
    }
}
