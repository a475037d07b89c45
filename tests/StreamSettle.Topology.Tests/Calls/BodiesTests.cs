using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Tests.Calls;

/// <summary>The bytes of calls, pinned: they are frozen under their key forever.</summary>
public sealed class BodiesTests : IDisposable
{
    const string Head = "\"orderId\":42,\"merchantId\":437,\"currency\":\"EUR\"";
    const string Tail = "\"ruleVersion\":\"r1\",\"completedAt\":\"2026-11-01T00:00:00Z\",\"dueAt\":\"2026-11-02T00:00:00Z\"";

    readonly TestBench bench = new();
    readonly ShopOrder order = new(42) { Invoice = """{"no": "R-1", "vat": 1.50, "ü": [null, "\u00e9<>"]}""" };

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Each_leg_of_a_settlement()
    {
        bench.Put(order);
        bench.PassMark();
        Assert.Equal($$"""{{{Head}},"amount":11900,"kind":"SETTLEMENT",{{Tail}},"invoice":{{order.Invoice}}}""", bench.Body("42:verification:0"));
        Assert.Equal(
            $$"""{{{Head}},"amount":9685,"kind":"SETTLEMENT",{{Tail}},"lines":[{"party":"carrier:7","amount":900},{"party":"platform","amount":185},{"party":"merchant:437","amount":8600}]}""",
            bench.Body("42:split:0"));
        Assert.Equal(
            $$"""{{{Head}},"amount":315,"kind":"SETTLEMENT",{{Tail}},"lines":[{"promoterId":9001,"level":1,"amount":180},{"promoterId":9002,"level":2,"amount":90},{"promoterId":9003,"level":3,"amount":45}]}""",
            bench.Body("42:commission:0"));
        Assert.Equal(
            $$"""{{{Head}},"amount":1900,"kind":"SETTLEMENT",{{Tail}},"country":"DE","lines":[{"party":"tax:DE","amount":1900}],"invoice":{{order.Invoice}}}""",
            bench.Body("42:tax:0"));
    }

    [Fact]
    public void Each_leg_of_a_reversal_with_the_time_of_the_refund_and_the_rest_of_the_settlement()
    {
        bench.Put(order with { Invoice = null });
        bench.PassMark();
        bench.PutWhole(order with { Invoice = null, Refunded = "11.9000", Country = "FR", Currency = "USD" });
        const string tail = "\"ruleVersion\":\"r1\",\"completedAt\":\"2026-11-01T00:00:00Z\",\"dueAt\":\"2026-11-02T00:06:00Z\"";
        Assert.Equal(
            $$"""{{{Head}},"amount":969,"kind":"REVERSAL",{{tail}},"lines":[{"party":"carrier:7","amount":90},{"party":"platform","amount":19},{"party":"merchant:437","amount":860}]}""",
            bench.Body("42:split:1"));
        Assert.Equal(
            $$"""{{{Head}},"amount":31,"kind":"REVERSAL",{{tail}},"lines":[{"promoterId":9001,"level":1,"amount":18},{"promoterId":9002,"level":2,"amount":9},{"promoterId":9003,"level":3,"amount":4}]}""",
            bench.Body("42:commission:1"));
        Assert.Equal(
            $$"""{{{Head}},"amount":190,"kind":"REVERSAL",{{tail}},"country":"DE","lines":[{"party":"tax:DE","amount":190}]}""",
            bench.Body("42:tax:1"));
    }

    [Fact]
    public void A_dropped_commission_line_leaves_a_gap_in_the_levels()
    {
        bench.Put(order with { Category = "gap" });
        bench.PassMark();
        Assert.Contains("""[{"promoterId":9001,"level":1,"amount":180},{"promoterId":9003,"level":3,"amount":45}]""", bench.Body("42:commission:0"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json at all")]
    [InlineData("{\"a\":1")]
    [InlineData("{} {}")]
    [InlineData(" ")]
    public void An_invoice_that_is_no_json_is_left_out_and_stops_nothing(string invoice)
    {
        bench.Put(order with { Invoice = invoice });
        bench.PassMark();
        Assert.DoesNotContain("invoice", bench.Body("42:verification:0"), StringComparison.Ordinal);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_deeply_nested_invoice_is_sent_as_it_is()
    {
        var deep = new string('[', 300) + new string(']', 300);
        bench.Put(order with { Invoice = deep });
        bench.PassMark();
        Assert.Contains($"\"invoice\":{deep}", bench.Body("42:verification:0"), StringComparison.Ordinal);
    }

    [Fact]
    public void Above_ten_thousand_dollars_the_priority_lane_is_taken_by_reversals_too()
    {
        bench.Put(order with { Gross = "9259.2700" });
        bench.PassMark();
        bench.PutWhole(order with { Gross = "9259.2700", Refunded = "9000.0000", Status = OrderStatus.Refunded });
        Assert.True(bench.Only<SettlementCalculated>(42).Priority);
        Assert.Equal(7, bench.Calls().Count);
        Assert.All(bench.Calls(), call => Assert.Equal(Lane.Priority, call.Lane));
    }

    [Fact]
    public void The_same_input_twice_gives_the_same_bytes()
    {
        Assert.Equal(Run(), Run());

        string[] Run()
        {
            using var again = new TestBench(new() { Partitions = 4 });
            for (var id = 1; id <= 12; id++)
            {
                again.Put(order with { Id = id, Gross = $"{100 + id}.0000", Merchant = id % 3 == 0 ? 999 : TestBench.Merchant });
            }

            again.PassMark();
            again.PutWhole(order with { Id = 1, Gross = "101.0000", Refunded = "33.3300" });
            var facts = again.Facts.Orders.SelectMany(again.Events).Select(happened => (happened with { RecordedAt = "" }).ToString() ?? "");
            var calculated = again.Facts.Orders.SelectMany(again.Events).OfType<SettlementCalculated>().SelectMany(settled => settled.Lines).Select(line => line.ToString());
            return [.. again.Calls().Select(call => call.ToString()), .. facts.Where(text => !text.Contains("System.Collections", StringComparison.Ordinal)), .. calculated];
        }
    }
}
