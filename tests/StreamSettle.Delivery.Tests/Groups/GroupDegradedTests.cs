using StreamSettle.Delivery.Breakers;
using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Tests.Processing;
using Xunit;

namespace StreamSettle.Delivery.Tests.Groups;

/// <summary>A degraded system and a group whose instances come and go: each judges by itself, what is owed moves with the partitions.</summary>
public class GroupDegradedTests
{
    static readonly DownstreamOptions Options = new()
    {
        BaseUrl = "http://split", RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(4), Breaker = new() { Window = TimeSpan.FromSeconds(10) },
    };

    [Fact]
    public void Instances_that_come_and_go_lose_no_invoice_and_all_is_drained_in_the_end()
    {
        using var bench = new GroupBench(Options);
        for (var i = 0; i < 3; i++)
        {
            bench.Join();
        }

        var isIll = true;
        bench.Answer = n => isIll && n % 4 == 0 ? Reply.Of(500) : Reply.Ok;
        bench.Append(1, 300, invoices: true);
        bench.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains(bench.Statuses, status => status.Breaker.Mode == BreakerMode.Degraded);
        bench.Append(1_001, 300, invoices: true);
        for (var kill = 0; kill < 3; kill++)
        {
            bench.Advance(TimeSpan.FromSeconds(7));
            bench.Kill(kill);
            bench.Join();
        }

        isIll = false;
        bench.Advance(TimeSpan.FromMinutes(2));

        Assert.All(bench.Statuses, status => Assert.Equal((true, BreakerMode.Closed), (status.Calls.IsQuiet, status.Breaker.Mode)));
        var posts = bench.System.Posts.GroupBy(post => post.Key).ToList();
        Assert.Equal(600, bench.System.Effects.Count);
        Assert.All(posts, bodies => Assert.Single(bodies.Distinct()));
        var shortened = posts.Where(bodies => !bodies.First().Body.Contains("invoice", StringComparison.Ordinal)).Select(bodies => bodies.Key).Order().ToList();
        Assert.NotEmpty(shortened);
        Assert.Equal(shortened, bench.System.Patches.Select(patch => patch.Key).Distinct().Order());
        Assert.Empty(bench.System.PatchesTooEarly);
    }

    [Fact]
    public void What_one_instance_sees_degrades_no_other()
    {
        using var bench = new GroupBench(Options with { Breaker = new() { Window = TimeSpan.FromSeconds(30), MinimumOutcomes = 3 } });
        bench.Join();
        bench.Join();
        bench.Append(1, 16, invoices: true);
        bench.Advance(TimeSpan.FromSeconds(2));
        bench.Answer = _ => Reply.Of(500);
        bench.Append(1_001, 40, merchant: 1_001, invoices: true);
        bench.Advance(TimeSpan.FromMinutes(2));

        Assert.Single(bench.Statuses, status => status.Breaker.Mode == BreakerMode.Closed);
    }
}
