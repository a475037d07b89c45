using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>Key accounts and large orders overtake, within concurrency and budget; ordinary work goes on; each lane keeps its order.</summary>
public class PriorityTests
{
    /// <summary>Orders from here on go in the priority lane in these tests.</summary>
    const long Priority = 1_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_priority_call_goes_before_the_ordinary_ones_that_wait(int partitions)
    {
        var bench = Bench(new() { Concurrency = 4, PriorityShare = 0.8 }, partitions);
        Append(bench, 1, 2_000);
        bench.Run();
        Append(bench, Priority, 1);
        bench.Run();
        var answered = 0;
        for (; !bench.System.Effects.Contains($"{Priority}:split:0"); answered++)
        {
            AnswerOne(bench);
        }

        // Those that were under way before it, and the ordinary lane's share.
        Assert.InRange(answered, 1, 12);
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(0.3)]
    public void While_both_lanes_wait_each_gets_its_share(double share)
    {
        var bench = Bench(new() { Concurrency = 10, PriorityShare = share }, partitions: 2);
        Append(bench, 1, 2_000);
        Append(bench, Priority, 2_000);
        bench.Run();
        for (var i = 0; i < 1_000; i++)
        {
            AnswerOne(bench);
        }

        Assert.InRange(bench.System.Effects.Count(key => OrderOf(key) >= Priority) / 1_000.0, share - 0.1, share + 0.1);
    }

    [Fact]
    public void Within_a_budget_it_is_the_same()
    {
        var bench = Bench(new() { Concurrency = 100, RateLimit = 60, PriorityShare = 0.75 }, partitions: 1);
        bench.System.OnPost = (_, _) => Reply.Ok;
        Append(bench, 1, 1_000);
        Append(bench, Priority, 1_000);
        bench.Advance(TimeSpan.FromMinutes(8));

        Assert.InRange(bench.System.Effects.Count, 400, 560);
        Assert.InRange(bench.System.Effects.Count(key => OrderOf(key) >= Priority) / (double)bench.System.Effects.Count, 0.6, 0.9);
    }

    [Fact]
    public void A_lane_alone_gets_all_of_the_room()
    {
        var bench = Bench(new() { Concurrency = 10, PriorityShare = 0.8 }, partitions: 1);
        Append(bench, 1, 100);
        bench.Run();
        for (var i = 0; i < 5; i++)
        {
            AnswerOne(bench);
        }

        Assert.Equal(10, bench.System.HeldBack.Count);
    }

    [Fact]
    public void Each_lane_of_a_merchant_keeps_its_order()
    {
        var bench = Bench(new() { Concurrency = 10, Breaker = new() { ErrorRate = 1 } }, partitions: 1);
        bench.System.OnPost = (key, n) => OrderOf(key) % 7 == 0 && n == 1 ? Reply.Of(503, retryAfter: "1") : Reply.Ok;
        for (var order = 1; order <= 200; order++)
        {
            bench.Append(order, merchant: order % 3);
            bench.Append(Priority + order, merchant: order % 3, Lane.Priority);
        }

        bench.AdvanceSeconds(120);
        Assert.Equal(400, bench.System.Effects.Count);
        Assert.All(
            bench.System.Effects.GroupBy(key => (OrderOf(key) >= Priority, OrderOf(key) % Priority % 3)), lane => Assert.Equal(lane.OrderBy(OrderOf), lane));
    }

    [Fact]
    public void A_restart_keeps_the_lanes_apart()
    {
        var bench = Bench(new() { Concurrency = 4 }, partitions: 1);
        Append(bench, 1, 500);
        Append(bench, Priority, 10);
        bench.Run();
        bench.System.HeldBack.Clear();
        bench.Crash();
        bench.Run();
        for (var i = 0; i < 60; i++)
        {
            AnswerOne(bench);
        }

        Assert.Equal(10, bench.System.Effects.Count(key => OrderOf(key) >= Priority));
    }

    /// <summary>A system that knows us, and answers when told.</summary>
    static DeliveryBench Bench(DownstreamOptions options, int partitions)
    {
        var bench = new DeliveryBench(options with { BaseUrl = "http://split", RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(4) }, partitions);
        bench.Send(999_999, merchant: 999_999);
        bench.System.Effects.Clear();
        bench.System.OnPost = (_, _) => Reply.Held;
        return bench;
    }

    static void Append(DeliveryBench bench, long from, int count)
    {
        for (var order = from; order < from + count; order++)
        {
            bench.Append(order, merchant: order, order >= Priority ? Lane.Priority : Lane.Ordinary);
        }
    }

    /// <summary>The oldest request is answered, and what follows happens.</summary>
    static void AnswerOne(DeliveryBench bench)
    {
        for (var i = 0; i < 100 && bench.System.HeldBack.Count == 0; i++)
        {
            bench.AdvanceSeconds(0.1);
        }

        var held = bench.System.HeldBack.ToList();
        bench.System.HeldBack.Clear();
        bench.System.HeldBack.Add(held[0]);
        bench.System.Release();
        bench.System.HeldBack.InsertRange(0, held.Skip(1));
        bench.Run();
    }

    static long OrderOf(string key) => long.Parse(key.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);
}
