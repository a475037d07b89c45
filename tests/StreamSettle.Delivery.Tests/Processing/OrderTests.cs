using CsCheck;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

public class OrderTests
{
    static readonly DownstreamOptions Options = new()
    {
        BaseUrl = "http://split", RetryBase = TimeSpan.FromMilliseconds(200), RetryMax = TimeSpan.FromSeconds(1), MaxAttempts = 1_000, Concurrency = 3,
    };

    [Fact]
    public void A_call_that_waits_holds_back_those_behind_it_in_its_lane_only()
    {
        var bench = new DeliveryBench(Options);
        bench.System.OnPost = (key, n) => key == "1:split:0" && n == 1 ? Reply.Of(503, retryAfter: "60") : Reply.Ok;
        bench.Send(1);
        bench.Send(2);
        bench.Send(3, lane: Lane.Priority);
        bench.Send(4, merchant: 8);
        Assert.Equal(["3:split:0", "4:split:0"], bench.System.Effects);
        bench.AdvanceSeconds(62);

        Assert.Equal(["3:split:0", "4:split:0", "1:split:0", "2:split:0"], bench.System.Effects);
    }

    [Fact]
    public void An_unknown_outcome_holds_back_those_behind_it()
    {
        var bench = new DeliveryBench(Options);
        bench.System.OnPost = (key, _) => key == "1:split:0" ? Reply.DoneButLost : Reply.Ok;
        bench.System.OnGet = (_, n) => n < 5 ? Reply.Of(500) : null;
        bench.Send(1);
        bench.Send(2);
        Assert.Equal(["1:split:0"], bench.System.Effects);
        bench.AdvanceSeconds(10);

        Assert.Equal(["1:split:0 Confirmed 1", "2:split:0 Confirmed 1"], bench.ResultNames);
    }

    [Fact]
    public void A_dead_letter_is_passed_and_a_replayed_one_queues_at_the_end()
    {
        var bench = new DeliveryBench(Options);
        bench.System.OnPost = (key, n) => key == "1:split:0" && n == 1 ? Reply.Of(422) : Reply.Ok;
        bench.Send(1);
        bench.Send(2);
        bench.System.OnPost = (_, _) => Reply.Held;
        bench.Send(3);
        bench.Send(4);
        bench.Replay(1);
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.System.Release();
        bench.Run();

        Assert.Equal(["2:split:0", "3:split:0", "4:split:0", "1:split:0"], bench.System.Effects);
    }

    [Fact]
    public void A_long_lane_keeps_its_order_over_restarts()
    {
        var bench = new DeliveryBench(Options);
        bench.System.OnPost = (_, _) => Reply.Held;
        for (var order = 1; order <= 150; order++)
        {
            bench.Append(order);
        }

        bench.Run();
        bench.System.OnPost = (key, _) => key == "70:split:0" ? Reply.Refused : Reply.Ok;
        bench.System.Release();
        bench.AdvanceSeconds(1);
        bench.Crash();
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.AdvanceSeconds(3);

        Assert.Equal(Enumerable.Range(1, 150).Select(order => $"{order}:split:0"), bench.System.Effects);
    }

    /// <summary>I5 and I12 under any mix of failures: effects of a lane keep their order, and everything drains.</summary>
    [Fact]
    public void Effects_of_a_lane_keep_their_order_whatever_fails()
    {
        Reply[] replies =
        [
            Reply.Ok, Reply.Ok, Reply.DoneButLost, Reply.Vanished, Reply.Refused, Reply.Of(500), Reply.Of(500, happens: true),
            Reply.Of(429, retryAfter: "1"), Reply.Of(401), Reply.Of(302), Reply.Of(200, "[]", happens: true), Reply.Of(503, retryAfter: "0"),
        ];
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 4], Gen.Int[0, 11].Array[1, 60], Gen.Bool.Array[20]).Sample(
            (orders, merchants, faults, crashes) =>
            {
                var bench = new DeliveryBench(Options, partitions: 2);
                var at = 0;
                bench.System.OnPost = (_, _) => at < faults.Length ? replies[faults[at++]] : Reply.Ok;
                for (var order = 1; order <= orders; order++)
                {
                    bench.Append(order, merchant: order % merchants, lane: (Lane)(order % 2));
                }

                foreach (var crash in crashes)
                {
                    bench.AdvanceSeconds(1);
                    if (crash)
                    {
                        bench.Crash();
                    }
                }

                bench.AdvanceSeconds(120);
                Assert.Equal(orders, bench.System.Effects.Count);
                Assert.All(
                    bench.System.Effects.Select(OrderOf).GroupBy(order => (order % merchants, order % 2)),
                    lane => Assert.Equal(lane.Order(), lane));
                Assert.Equal(orders, bench.Results.Count(result => result.Outcome == DeliveryOutcome.Confirmed));
            },
            iter: 60,
            threads: 1);
    }

    static long OrderOf(string key) => long.Parse(key.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);
}
