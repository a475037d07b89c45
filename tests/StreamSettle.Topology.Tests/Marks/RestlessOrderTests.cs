using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Clock;

namespace StreamSettle.Topology.Tests.Marks;

/// <summary>A row that is written again and again, many times between two marks of the source.</summary>
public sealed class RestlessOrderTests : IDisposable
{
    const int TouchesASecond = 20;
    static readonly TimeSpan MarkInterval = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Touch = TimeSpan.FromSeconds(1) / TouchesASecond;

    readonly TestBench bench = new(new() { Partitions = 1, Settings = new() { PunctuationInterval = Touch } });

    // Their mark lies ten seconds ahead, and three more.
    readonly ShopOrder order = new(42) { CompletedAt = TestBench.Start - TestBench.Day + TimeSpan.FromSeconds(10) };
    readonly ShopOrder later = new(43) { CompletedAt = TestBench.Start - TestBench.Day + TimeSpan.FromSeconds(13) };

    public void Dispose() => bench.Dispose();

    /// <summary>Time goes by, in which the source writes the row and says every two seconds that it has been read.</summary>
    void Live(TimeSpan time, Func<int, ShopOrder> row)
    {
        for (var touch = 0; touch < time / Touch; touch++)
        {
            if (touch % (int)(MarkInterval / Touch) == 0)
            {
                bench.OpenGate();
            }

            bench.Put(row(touch));
            bench.Driver.AdvanceTime(Touch);
        }
    }

    UtcInstant CalculatedAt(long id) => UtcInstant.Parse(bench.Only<SettlementCalculated>(id).RecordedAt);

    [Fact]
    public void A_row_of_which_nothing_counts_that_is_written_makes_nobody_wait()
    {
        bench.Put(order);
        bench.Put(later);
        Live(TimeSpan.FromSeconds(20), _ => order);

        Assert.InRange(CalculatedAt(42) - (TestBench.Start + TimeSpan.FromSeconds(10)), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.InRange(CalculatedAt(43) - (TestBench.Start + TimeSpan.FromSeconds(13)), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Empty(bench.Gate.Closed());
    }

    [Fact]
    public void An_order_that_is_altered_without_rest_is_told_of_and_goes_on_when_it_rests()
    {
        bench.Put(order);
        bench.Put(later);
        Live(TimeSpan.FromSeconds(30), touch => order with { Gross = $"{200 + touch}.0000" });
        Assert.Empty(bench.Gate.Closed());
        Live(TimeSpan.FromSeconds(15), touch => order with { Gross = $"{100 + touch}.0000" });

        var reason = Assert.Single(bench.Gate.Closed());
        Assert.Equal(ClosedBy.RestlessOrder, reason.Kind);
        Assert.Contains("order 42 is due", reason.Text, StringComparison.Ordinal);
        Assert.Empty(bench.Calls());

        Live(TimeSpan.FromSeconds(5), _ => order);
        Assert.Empty(bench.Gate.Closed());
        Assert.Equal([42, 43], bench.Calls().Select(call => call.Key.Order.Value).Distinct());
    }

    [Fact]
    public void An_order_that_settle_has_is_told_of_too()
    {
        bench.Put(order with { Currency = "XXX" });
        bench.Put(later);
        Live(TimeSpan.FromSeconds(16), _ => order with { Currency = "XXX" });
        Assert.NotNull(bench.DeadLetter("42:calculation:0"));

        Live(TimeSpan.FromSeconds(40), touch => order with { Gross = $"{200 + touch}.0000" });
        Assert.Equal(ClosedBy.RestlessOrder, Assert.Single(bench.Gate.Closed()).Kind);

        Live(TimeSpan.FromSeconds(5), _ => order);
        Assert.Empty(bench.Gate.Closed());
        Assert.Equal(11_900, bench.Only<SettlementCalculated>(42).Gross);
    }

    [Fact]
    public void A_cancellation_among_writes_of_which_nothing_counts_is_not_paid_over()
    {
        bench.Put(order);
        var rests = (int)(TimeSpan.FromSeconds(9.9) / Touch);
        Live(TimeSpan.FromSeconds(20), touch => touch < rests ? order : order with { Status = OrderStatus.Cancelled });

        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.Empty(bench.Calls());
    }
}
