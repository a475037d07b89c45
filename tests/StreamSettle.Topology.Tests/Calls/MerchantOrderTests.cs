using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Calls;

/// <summary>I5: a merchant's orders go out in the order of their marks, though they fire in different tasks.</summary>
public sealed class MerchantOrderTests
{
    [Theory]
    [InlineData(4, 2_000)]
    [InlineData(16, 2_000)]
    [InlineData(4, 3)]
    public void Orders_from_many_partitions_are_released_in_the_order_of_their_marks_when_a_gate_opens_late(int partitions, int maxFired)
    {
        using var bench = new TestBench(new() { Partitions = partitions, Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), MaxFired = maxFired } });
        var random = new Random(7);
        bench.Restart(open: false);
        for (var id = 1; id <= 60; id++)
        {
            bench.Put(new(id) { CompletedAt = TestBench.Start + TimeSpan.FromSeconds(random.Next(100_000)) }, run: false);
        }

        bench.Advance(TimeSpan.FromDays(4));
        Assert.Empty(bench.Calls());
        bench.OpenGate();
        bench.Advance(TimeSpan.FromHours(1));
        AssertInOrder(bench, 60);
    }

    [Fact]
    public void So_they_are_while_time_goes_by()
    {
        using var bench = new TestBench(new() { Partitions = 4 });
        var random = new Random(11);
        for (var id = 1; id <= 60; id++)
        {
            bench.Put(new(id) { CompletedAt = TestBench.Start + TimeSpan.FromSeconds(random.Next(1_200)) }, run: false);
        }

        bench.PassMark();
        bench.Advance(TimeSpan.FromHours(1));
        AssertInOrder(bench, 60);
    }

    [Fact]
    public void And_after_a_stop_in_the_middle()
    {
        using var bench = new TestBench(new() { Partitions = 4, Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), MaxFired = 3 } });
        var random = new Random(13);
        for (var id = 1; id <= 60; id++)
        {
            bench.Put(new(id) { CompletedAt = TestBench.Start - TimeSpan.FromSeconds(random.Next(100_000)) }, run: false);
        }

        bench.Advance(TimeSpan.FromHours(24));
        for (var i = 0; i < 10; i++)
        {
            bench.Restart();
            bench.Advance(TimeSpan.FromMinutes(2));
        }

        bench.Advance(TimeSpan.FromHours(1));
        AssertInOrder(bench, 60);
    }

    [Fact]
    public void A_partition_whose_source_is_read_later_holds_back_all()
    {
        using var bench = new TestBench();
        for (var id = 1; id <= 40; id++)
        {
            bench.Put(new(id) { CompletedAt = TestBench.Start + TimeSpan.FromSeconds(id) });
        }

        bench.Restart(open: false);
        bench.SourceRead(bench.Time.GetTimestamp(), partition => bench.Log.EndOffset(new(Topics.Orders(TestBench.Prefix), partition)) + (partition == 0 ? 1 : 0));
        bench.PassMark();
        Assert.DoesNotContain(Enumerable.Range(1, 40), id => bench.Told(id).Contains("SettlementDue"));
        Assert.Empty(bench.Calls());

        for (var id = 1_000; id < 1_010; id++)
        {
            bench.Put(new(id) { Status = OrderStatus.Created, CompletedAt = null });
        }

        bench.Advance(TestBench.Settling);
        AssertInOrder(bench, 40);
    }

    static void AssertInOrder(TestBench bench, int count)
    {
        var marks = bench.Calls().Where(call => call.Key.Leg == Leg.Verification).Select(call => call.DueAt).ToList();
        Assert.Equal(count, marks.Count);
        Assert.Equal(marks.Order(), marks);
    }
}
