using StreamSettle.Delivery.Holds;
using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Holds;

/// <summary>What a hold keeps back of one system's calls, wherever they wait.</summary>
public sealed class HeldCallsTests
{
    static readonly DownstreamOptions Options = new() { BaseUrl = "http://split", RetryBase = TimeSpan.FromSeconds(1), MaxAttempts = 3 };

    static Hold On(string scope, UtcInstant? until = null) => HoldScope.TryParse(scope, out var parsed)
        ? new($"h-{scope}", parsed, "looked into", "ann", DeliveryBench.Start, until)
        : throw new ArgumentException(scope);

    static Hold Over(Hold hold, DeliveryBench bench) => hold with { Release = new("bob", "r", "", UtcInstant.Now(bench.Time)) };

    [Theory]
    [InlineData("everything")]
    [InlineData("merchant:7")]
    [InlineData("order:2")]
    [InlineData("downstream:split")]
    public void What_was_handed_over_and_waits_for_a_budget_is_given_back(string scope)
    {
        var bench = new DeliveryBench(Options with { RateLimit = 1, RateWindow = TimeSpan.FromMinutes(1), Ordered = false });
        bench.Send(1);
        bench.Send(2);
        bench.AdvanceSeconds(1);
        Assert.Equal(["1:split:0"], bench.System.Effects);
        bench.Holds.Take(On(scope));
        bench.AdvanceSeconds(300);
        Assert.Equal(["1:split:0"], bench.System.Effects);
        Assert.Equal(["2:split:0 Held 0"], bench.ResultNames.Where(name => name.Contains("Held", StringComparison.Ordinal)));
        Assert.Equal(1, bench.Status.Calls.Waiting);
        bench.Holds.Take(Over(On(scope), bench));
        bench.AdvanceSeconds(61);
        Assert.Equal(["1:split:0", "2:split:0"], bench.System.Effects);
    }

    [Fact]
    public void Of_a_long_lane_every_call_is_told_of_once_a_bounded_number_at_a_time()
    {
        var bench = new DeliveryBench(Options);
        var hold = On("merchant:7");
        bench.Holds.Take(hold);
        const int Calls = 2 * HeldCalls.MostTold + 10;
        for (var order = 1; order <= Calls; order++)
        {
            bench.Append(order);
        }

        bench.Run();
        bench.AdvanceSeconds(1);
        Assert.Equal(Calls, bench.Results.Count(result => result.Outcome == DeliveryOutcome.Held));
        Assert.Equal(Calls, bench.Results.Select(result => result.Key).Distinct().Count());
        bench.Holds.Take(On("merchant:8"));
        bench.Holds.Take(On("downstream:split"));
        bench.AdvanceSeconds(1);
        Assert.Equal(Calls, bench.Results.Count(result => result.Text == "downstream:split"));
        Assert.Equal(2 * Calls, bench.Results.Count);
        Assert.Empty(bench.System.Effects);
    }

    [Fact]
    public void One_that_joins_a_held_lane_is_told_of_and_waits_for_its_turn()
    {
        var bench = new DeliveryBench(Options);
        var hold = On("everything", DeliveryBench.Start + TimeSpan.FromMinutes(1));
        bench.Holds.Take(hold);
        bench.Send(1);
        bench.AdvanceSeconds(1);
        bench.Send(2);
        bench.AdvanceSeconds(1);
        Assert.Equal(["1:split:0 Held 0", "2:split:0 Held 0"], bench.ResultNames);
        bench.Crash();
        bench.AdvanceSeconds(1);
        Assert.Empty(bench.System.Effects);
        bench.AdvanceSeconds(60);
        Assert.Equal(["1:split:0", "2:split:0"], bench.System.Effects);
    }

    [Fact]
    public void A_held_orders_call_steps_aside_and_comes_back_at_the_end_of_its_lane()
    {
        var bench = new DeliveryBench(Options);
        var hold = On("order:1");
        bench.Holds.Take(hold);
        bench.Append(1);
        bench.Append(2);
        bench.Append(3);
        bench.Run();
        bench.AdvanceSeconds(1);
        Assert.Equal(["2:split:0", "3:split:0"], bench.System.Effects);
        bench.Crash();
        bench.AdvanceSeconds(1);
        Assert.Equal(1, bench.Status.Calls.Waiting);
        bench.Holds.Take(Over(hold, bench));
        bench.AdvanceSeconds(1);
        Assert.Equal(["2:split:0", "3:split:0", "1:split:0"], bench.System.Effects);
        Assert.Equal(0, bench.Status.Calls.Waiting);
    }
}
