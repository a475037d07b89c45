using StreamSettle.Kernel.Failures;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Tests.Costs;

namespace StreamSettle.Topology.Tests.Codecs;

/// <summary>The layout of the due windows.</summary>
public sealed class DueOrdersTests
{
    readonly CountingStore store = new();

    [Theory]
    [InlineData(0, 0, "0280000000000000008000000000000000")]
    [InlineData(1, 42, "028000000000000001800000000000002A")]
    [InlineData(-1, -1, "027FFFFFFFFFFFFFFF7FFFFFFFFFFFFFFF")]
    [InlineData(long.MaxValue, long.MinValue, "02FFFFFFFFFFFFFFFF0000000000000000")]
    public void Golden_bytes(long due, long order, string hex)
    {
        new DueOrders(store).Move(new(order), null, new(due));

        using var scan = store.Scan([2], [3]);
        Assert.True(scan.MoveNext());
        Assert.Equal(hex, Convert.ToHexString(scan.Key));
    }

    [Fact]
    public void Orders_are_taken_by_mark_then_by_id()
    {
        var orders = new DueOrders(store);
        foreach (var (due, id) in new[] { (5L, 1L), (-5L, 9L), (5L, -1L), (7L, 0L) })
        {
            orders.Move(new(id), null, new(due));
        }

        using var scan = orders.Take(new(6), max: 10);
        var taken = new List<string>();
        while (scan.MoveNext())
        {
            taken.Add($"{scan.Order} at {scan.DueAt.Microseconds}");
            orders.Move(scan.Order, scan.DueAt, null);
        }

        Assert.Equal(["9 at -5", "-1 at 5", "1 at 5"], taken);
    }

    [Fact]
    public void An_order_that_was_taken_and_overlooked_stops_the_service()
    {
        var orders = new DueOrders(store);
        orders.Move(new(1), null, new(5));
        orders.Move(new(2), null, new(5));

        using var scan = orders.Take(new(6), max: 10);
        Assert.True(scan.MoveNext());
        orders.Move(new(2), new(5), new(5));

        Assert.Throws<BrokenInvariantException>(() => scan.MoveNext());
    }

    [Fact]
    public void Also_the_last_one_before_the_next_take()
    {
        var orders = new DueOrders(store);
        orders.Move(new(1), null, new(5));
        using (var scan = orders.Take(new(6), max: 10))
        {
            Assert.True(scan.MoveNext());
        }

        Assert.Throws<BrokenInvariantException>(() => orders.Take(new(6), max: 10));
    }
}
