using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Log;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>kill -9 at every commit: before it is made, and right after it, when nothing that follows has happened yet.</summary>
public class CrashTests
{
    static readonly DownstreamOptions Options = new()
    {
        BaseUrl = "http://split", RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(4), MaxAttempts = 20,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whenever_the_process_dies_every_key_has_one_body_and_one_effect(bool tasksOnly)
    {
        var commits = Scenario(crashAt: long.MaxValue, tasksOnly);
        Assert.InRange(commits, 20, 200);
        for (var crashAt = 1; crashAt <= commits; crashAt++)
        {
            Scenario(crashAt, tasksOnly);
        }
    }

    [Fact]
    public void A_call_under_way_at_the_crash_is_asked_for_and_counts_as_an_attempt()
    {
        var bench = new DeliveryBench(Options);
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Held : Reply.Ok;
        bench.Send(42);
        bench.Crash();
        bench.AdvanceSeconds(10);

        Assert.Equal(["42:split:0"], bench.System.Gets);
        Assert.Equal(["42:split:0 Failed 1", "42:split:0 Confirmed 2"], bench.ResultNames);
        Assert.Single(bench.System.Posts.Distinct());
    }

    [Fact]
    public void A_late_answer_to_a_process_that_is_gone_changes_nothing()
    {
        var bench = new DeliveryBench(Options);
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Held : Reply.Of(422);
        bench.Send(42);
        bench.Crash();
        bench.AdvanceSeconds(10);
        bench.System.Release();
        bench.AdvanceSeconds(10);

        Assert.Equal(["42:split:0 Failed 1", "42:split:0 DeadLettered 2"], bench.ResultNames);
    }

    [Fact]
    public void Dead_letters_survive_a_restart()
    {
        var bench = new DeliveryBench(Options);
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Of(422) : Reply.Ok;
        bench.Send(42);
        bench.Crash();
        bench.AdvanceSeconds(1);
        Assert.Equal(1, bench.Status.Calls.DeadLetters);
        bench.Replay(42);

        Assert.Equal(["42:split:0"], bench.System.Effects);
        Assert.Empty(bench.DeadLetters);
    }

    static long Scenario(long crashAt, bool tasksOnly)
    {
        var bench = new DeliveryBench(Options, partitions: 2);
        bench.System.OnPost = Misbehave;
        bench.Log.BeforeCommit = _ =>
        {
            if (bench.Log.Commits + 1 == crashAt)
            {
                crashAt = -1;
                throw tasksOnly ? new TransactionAbortedException("planted") : new ProcessKilledException();
            }
        };
        for (var order = 1; order <= 12; order++)
        {
            bench.Append(order, merchant: order % 3);
        }

        for (var second = 0; second < 120; second++)
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

        Check(bench);
        return bench.Log.Commits;
    }

    static void Check(DeliveryBench bench)
    {
        Assert.Equal(12, bench.System.Effects.Count);
        Assert.All(bench.System.Posts.GroupBy(post => post.Key), posts => Assert.Single(posts.Distinct()));
        Assert.All(bench.System.Effects.GroupBy(key => OrderOf(key) % 3), lane => Assert.Equal(lane.OrderBy(OrderOf), lane));
        foreach (var results in bench.Results.GroupBy(result => result.Key))
        {
            Assert.Single(results, result => result.Outcome == DeliveryOutcome.Confirmed);
            Assert.Equal(DeliveryOutcome.Confirmed, results.Last().Outcome);

            // One result an attempt, numbered on without a gap.
            Assert.Equal(Enumerable.Range(1, results.Count()), results.Select(result => result.Attempt));
        }
    }

    static Reply Misbehave(string key, int n) => (OrderOf(key), n) switch
    {
        (2 or 6, 1) => Reply.DoneButLost,
        (3, 1) => Reply.Vanished,
        (4, <= 2) => Reply.Of(500, happens: true),
        (5, 1) => Reply.Of(429, retryAfter: "1"),
        (7, 1) => Reply.Of(200, "garbage"),
        (8, 1) => Reply.Refused,
        (9, 1) => Reply.Of(401),
        _ => Reply.Ok,
    };

    static long OrderOf(string key) => long.Parse(key.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);

    sealed class ProcessKilledException : Exception;
}
