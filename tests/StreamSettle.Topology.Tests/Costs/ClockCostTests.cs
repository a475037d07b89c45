using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Testing;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Tests.Costs;

/// <summary>What the clock costs: by what is due, never by what is pending, and without garbage for what never becomes due.</summary>
public sealed class ClockCostTests
{
    const int Pending = 100_000;

    // Opening a scan, and finding that it has nothing.
    const int EmptyScan = 2;

    readonly VirtualTime time = new(TestBench.Start.ToDateTimeOffset());
    readonly LoneTask task;
    readonly ClockProcessor clock;
    long lsn;

    public ClockCostTests()
    {
        var gate = new FiringGate(new(time), time, TimeSpan.MaxValue);
        gate.SourceRead(new(time.GetTimestamp(), [1]));
        task = new(time);
        clock = new(BenchPorts.Of(gate), new SettlementSettings());
        clock.Init(task);
    }

    void Put(ShopOrder order) => Put(order.ToRow());

    void Put(OrderRow row) => clock.Process(new()
    {
        Key = default, Value = new() { Change = new() { Op = ChangeOp.Upsert, Id = row.Id, Position = ChangePosition.Streamed(++lsn, lsn), Row = row } }, TimestampMs = 0,
    });

    long TouchesOf(Action act)
    {
        var before = Touches();
        act();
        return Touches() - before;

        long Touches() => task.Store(StoreNames.OpenOrders).Touches + task.Store(StoreNames.OpenOrdersByDue).Touches;
    }

    void Punctuate()
    {
        time.Advance(TimeSpan.FromMilliseconds(50));
        task.Punctuate(UtcInstant.Now(time));
    }

    [Fact]
    public void A_punctuation_costs_by_what_is_due_whatever_is_pending()
    {
        for (var id = 1; id <= Pending; id++)
        {
            Put(new ShopOrder(id) { CompletedAt = TestBench.Start + TimeSpan.FromSeconds(id) });
        }

        Punctuate();
        Assert.InRange(TouchesOf(Punctuate), 0, EmptyScan);
        time.Advance(TestBench.Day + TimeSpan.FromSeconds(10));
        var ten = TouchesOf(Punctuate);
        Assert.InRange(ten, 10, 10 * 8);
        Assert.InRange(TouchesOf(Punctuate), 0, EmptyScan);
        time.Advance(TimeSpan.FromSeconds(100));
        Assert.InRange(TouchesOf(Punctuate), 100, 100 * 8);
        Assert.Equal(Pending, task.Store(StoreNames.OpenOrders).Count);
    }

    [Fact]
    public void A_change_of_an_order_that_is_not_completed_leaves_no_garbage()
    {
        var row = (new ShopOrder(1) { CompletedAt = null, Category = "books", Invoice = "{}" }).ToRow();
        // Code that is not optimised yet boxes, and when it is compiled anew is up to a thread that a busy machine may keep waiting.
        var allocated = long.MaxValue;
        for (var round = 0; round < 50 && allocated > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Change(row, 10_000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.Equal(0, task.Forwarded);
    }

    void Change(OrderRow row, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Put(new OrderRow
            {
                Id = row.Id, Merchant = row.Merchant, Promoter = row.Promoter, CarrierId = row.CarrierId, BuyerCountry = row.BuyerCountry, Category = row.Category,
                HasCategory = true, Currency = row.Currency, Gross = row.Gross, Shipping = row.Shipping, Refunded = row.Refunded, Invoice = row.Invoice,
                Status = (OrderStatus)(1 + i % 3),
            });
        }
    }
}
