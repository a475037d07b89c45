using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Log;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>kill -9 at every commit of a system's way from well to degraded, away and back: one effect and one body a key, each invoice once, all drained.</summary>
public class DegradedCrashTests
{
    const int Orders = 40;

    static readonly DownstreamOptions Options = new()
    {
        BaseUrl = "http://split", RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(4), MaxAttempts = 20,
        Breaker = new() { Window = TimeSpan.FromSeconds(6), MinimumOutcomes = 4 },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whenever_the_process_dies_every_invoice_is_sent_once_and_after_its_call(bool tasksOnly)
    {
        var commits = Scenario(crashAt: long.MaxValue, tasksOnly);
        Assert.InRange(commits, 50, 1_000);
        for (var crashAt = 1; crashAt <= commits; crashAt += 3)
        {
            Scenario(crashAt, tasksOnly);
        }
    }

    static long Scenario(long crashAt, bool tasksOnly)
    {
        var bench = new DeliveryBench(Options, partitions: 2);
        var isIll = false;
        var appended = 0;
        bench.System.OnPost = (key, n) => isIll ? (n + key.Length) % 3 == 0 ? Reply.DoneButLost : Reply.Of(500, happens: n % 2 == 0) : Reply.Ok;
        bench.System.OnPatch = (key, n) => n == 1 && OrderOf(key) % 4 == 0 ? Reply.DoneButLost : Reply.Ok;
        bench.Log.BeforeCommit = _ =>
        {
            if (bench.Log.Commits + 1 == crashAt)
            {
                crashAt = -1;
                throw tasksOnly ? new TransactionAbortedException("planted") : new ProcessKilledException();
            }
        };
        for (var second = 0; second < 60; second++)
        {
            isIll = second is > 1 and < 12;
            for (; appended < Orders * Math.Min(second + 1, 10) / 10; appended++)
            {
                bench.AppendWithInvoice(appended + 1, merchant: appended % 6, keyAccount: appended % 6 < 2);
            }

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
        Assert.Equal(Orders, bench.System.Effects.Count);
        Assert.All(bench.System.Posts.GroupBy(post => post.Key), posts => Assert.Single(posts.Distinct()));
        Assert.All(bench.System.Effects.GroupBy(key => (OrderOf(key) - 1) % 6), lane => Assert.Equal(lane.OrderBy(OrderOf), lane));
        Assert.Empty(bench.System.PatchesTooEarly);
        Assert.All(bench.System.Patches.GroupBy(patch => patch.Key), patches => Assert.Single(patches.Distinct()));
        var shortened = bench.System.Posts.Where(post => !post.Body.Contains("invoice", StringComparison.Ordinal)).Select(post => post.Key).Distinct().Order().ToList();
        Assert.NotEmpty(shortened);
        Assert.Equal(shortened, bench.System.Patches.Select(patch => patch.Key).Distinct().Order());
        Assert.Equal(shortened, bench.Results.Where(result => result.Outcome == DeliveryOutcome.InvoiceDelivered).Select(result => result.Key.ToString()).Order());
        Assert.All(bench.Results.GroupBy(result => result.Key), results => Assert.Single(results, result => result.Outcome == DeliveryOutcome.Confirmed));
        Assert.True(bench.Status.Calls.IsQuiet);
    }

    static long OrderOf(string key) => long.Parse(key.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);

    sealed class ProcessKilledException : Exception;
}
