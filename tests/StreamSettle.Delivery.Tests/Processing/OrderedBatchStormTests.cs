using CsCheck;
using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Tests.Groups;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Log;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>Ordered batches under everything at once: I3, I4, I5 and I12 hold.</summary>
public sealed class OrderedBatchStormTests
{
    static readonly DownstreamOptions Options = OrderedBench.Configured with
    {
        BatchSize = 6, MaxAttempts = 1_000, RetryBase = TimeSpan.FromMilliseconds(200), RetryMax = TimeSpan.FromSeconds(1), Concurrency = 3,
    };

    static readonly Reply[] OfItems =
    [
        Reply.Ok, Reply.Ok, Reply.Ok, Reply.DoneButLost, Reply.Vanished, Reply.Of(500), Reply.Of(500, happens: true), Reply.Of(409),
        Reply.Of(429, retryAfter: "1"), Reply.Of(401), Reply.Of(302), Reply.Of(200, "[]"), Reply.Of(503, retryAfter: "1"),
    ];

    static readonly Reply?[] OfBatches =
        [null, null, null, null, Reply.Vanished, Reply.DoneButLost, Reply.Refused, Reply.Of(500), Reply.Of(429, retryAfter: "1"), Reply.Of(401), Reply.Of(413), Reply.Of(200, "[]"), Reply.Of(400)];

    [Fact]
    public void Effects_of_a_lane_keep_their_order_whatever_fails() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 4], Gen.Int[0, OfItems.Length - 1].Array[1, 80], Gen.Int[0, OfBatches.Length - 1].Array[1, 30], Gen.Bool.Array[12]).Sample(
            (orders, merchants, ofItems, ofBatches, crashes) =>
            {
                var bench = new DeliveryBench(Options, partitions: 2);
                var (item, batch) = (0, 0);
                bench.System.InOrder = true;
                bench.System.OnPost = (_, _) => item < ofItems.Length ? OfItems[ofItems[item++]] : Reply.Ok;
                bench.System.OnBatch = _ => batch < ofBatches.Length ? OfBatches[ofBatches[batch++]] : null;
                for (var order = 1; order <= orders; order++)
                {
                    bench.Append(order, merchant: order % merchants, lane: (Lane)(order % 3 / 2));
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
                Check(bench, orders, order => (order % merchants, order % 3 / 2));
            },
            iter: 100,
            threads: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whenever_the_process_dies_nothing_is_lost_doubled_or_overtaken(bool tasksOnly)
    {
        var commits = Scenario(crashAt: long.MaxValue, tasksOnly);
        Assert.InRange(commits, 15, 200);
        for (var crashAt = 1; crashAt <= commits; crashAt++)
        {
            Scenario(crashAt, tasksOnly);
        }
    }

    [Fact]
    public void A_merchant_that_moves_between_instances_keeps_its_order_and_its_budget()
    {
        using var bench = new GroupBench(Options with { BatchSize = 50, RateLimit = 160, RateWindow = TimeSpan.FromMinutes(1) }, partitions: 4);
        bench.System.InOrder = true;
        bench.System.OnPost = (key, n) => OrderOf(key) % 30 == 0 && n == 1 ? Reply.Of(500) : Reply.Ok;
        bench.Append(1, 1_000, merchant: 7);
        bench.Append(1_001, 200, merchant: 8);
        bench.Join();
        for (var move = 0; move < 6; move++)
        {
            bench.Advance(TimeSpan.FromSeconds(7));
            bench.Join();
            bench.Advance(TimeSpan.FromSeconds(3));
            bench.Kill(move % 2);
        }

        bench.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1_200, bench.System.Effects.Count);
        Assert.Equal(Enumerable.Range(1, 1_000), bench.System.Effects.Select(OrderOf).Where(order => order <= 1_000));
        Assert.Equal(Enumerable.Range(1_001, 200), bench.System.Effects.Select(OrderOf).Where(order => order > 1_000));
        Assert.InRange(bench.MostIn(TimeSpan.FromMinutes(1)), 20, 160);
        Assert.All(bench.System.Posts.GroupBy(post => post.Key), posts => Assert.Single(posts.Distinct()));
    }

    static long Scenario(long crashAt, bool tasksOnly)
    {
        var bench = new DeliveryBench(Options, partitions: 2);
        bench.System.InOrder = true;
        bench.System.OnPost = Misbehave;
        bench.System.OnBatch = _ => bench.System.Batches.Count == 4 ? Reply.Vanished : null;
        bench.Log.BeforeCommit = _ =>
        {
            if (bench.Log.Commits + 1 == crashAt)
            {
                crashAt = -1;
                throw tasksOnly ? new TransactionAbortedException("planted") : new ProcessKilledException();
            }
        };
        for (var order = 1; order <= 24; order++)
        {
            bench.Append(order, merchant: order % 2);
        }

        for (var second = 0; second < 60; second++)
        {
            try
            {
                bench.AdvanceSeconds(1);
            }
            catch (ProcessKilledException)
            {
                bench.Crash();
            }
        }

        Check(bench, 24, order => order % 2);
        return bench.Log.Commits;
    }

    static void Check(DeliveryBench bench, int orders, Func<int, object> laneOf)
    {
        Assert.Equal(orders, bench.System.Effects.Count);
        Assert.All(bench.System.Posts.GroupBy(post => post.Key), posts => Assert.Single(posts.Distinct()));
        Assert.All(bench.System.Effects.Select(OrderOf).GroupBy(laneOf), lane => Assert.Equal(lane.Order(), lane));
        Assert.Equal(orders, bench.Results.Count(result => result.Outcome == DeliveryOutcome.Confirmed));
        Assert.Equal((0, 0), (bench.Status.Calls.Waiting, bench.Status.Calls.Unknown));
        foreach (var results in bench.Results.GroupBy(result => result.Key))
        {
            // One result an attempt, numbered on without a gap.
            Assert.Equal(Enumerable.Range(1, results.Count()), results.Select(result => result.Attempt));
        }
    }

    static Reply Misbehave(string key, int n) => (OrderOf(key), n) switch
    {
        (6 or 9, 1) => Reply.DoneButLost,
        (5, 1) => Reply.Vanished,
        (12, <= 2) => Reply.Of(500, happens: true),
        (14, 1) => Reply.Of(429, retryAfter: "1"),
        (15, 1) => Reply.Of(200, "garbage"),
        (18, 1) => Reply.Of(401),
        _ => Reply.Ok,
    };

    static int OrderOf(string key) => int.Parse(key.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);

    sealed class ProcessKilledException : Exception;
}
