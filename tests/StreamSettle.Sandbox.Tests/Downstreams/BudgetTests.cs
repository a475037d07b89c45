using CsCheck;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Budgets;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Downstreams;

public class BudgetTests
{
    [Fact]
    public void A_window_that_slides_sees_a_burst_over_the_border_of_two_fixed_ones()
    {
        var clock = new HandClock();
        var budget = new SlidingBudget(10, TimeSpan.FromSeconds(60), clock);
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.All(Enumerable.Range(0, 10), _ => Assert.False(budget.Take().Exceeded));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(budget.Take().Exceeded);
        clock.Advance(TimeSpan.FromSeconds(58));
        Assert.False(budget.Take().Exceeded);
    }

    [Fact]
    public void A_request_is_too_many_exactly_when_its_window_holds_more_than_the_limit() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 30].Array[1, 60]).Sample((limit, gaps) =>
        {
            var clock = new HandClock();
            var budget = new SlidingBudget(limit, TimeSpan.FromSeconds(60), clock);
            var arrivals = new List<int>();
            foreach (var gap in gaps)
            {
                clock.Advance(TimeSpan.FromSeconds(gap));
                arrivals.Add(arrivals.LastOrDefault() + gap);
                Assert.Equal(arrivals.Count(at => arrivals[^1] - at < 60) > limit, budget.Take().Exceeded);
            }
        });

    [Fact]
    public void What_remains_and_when_it_resets_is_told()
    {
        var clock = new HandClock();
        var budget = new SlidingBudget(3, TimeSpan.FromSeconds(60), clock);
        budget.Take();
        clock.Advance(TimeSpan.FromSeconds(20.5));
        var state = budget.Take();
        Assert.Equal((1, 40), (state.Remaining, state.ResetSeconds));
    }

    [Theory]
    [InlineData(RateLimitStyle.XSeconds, "X-RateLimit-Limit=2;X-RateLimit-Remaining=0;X-RateLimit-Reset=60")]
    [InlineData(RateLimitStyle.XEpoch, "X-RateLimit-Limit=2;X-RateLimit-Remaining=0;X-RateLimit-Reset=160")]
    [InlineData(RateLimitStyle.Ietf, "RateLimit=limit=2, remaining=0, reset=60")]
    [InlineData(RateLimitStyle.IetfPolicy, "RateLimit-Policy=\"p\";q=2;w=60;RateLimit=\"p\";r=0;t=60")]
    [InlineData(RateLimitStyle.Silent, "")]
    public void Every_style_has_its_own_headers(RateLimitStyle style, string expected)
    {
        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary();
        new BudgetState(2, TimeSpan.FromMinutes(1), 0, TimeSpan.FromSeconds(59.2), false).Write(headers, style, new UtcInstant(99_500_000));
        Assert.Equal(expected, string.Join(';', headers.Select(header => $"{header.Key}={header.Value}")));
    }

    [Fact]
    public async Task Beyond_the_budget_nothing_is_done_and_the_violation_is_counted()
    {
        await using var systems = await RunningDownstreams.StartAsync(Leg.Split, new() { RateLimit = 3, RateWindow = TimeSpan.FromMinutes(10) });
        Assert.Equal(201, (await systems.PostAsync(Leg.Split, "1:split:0", Bodies.Split(1))).Status);
        Assert.Equal(200, (await systems.GetAsync(Leg.Split, "1:split:0")).Status);
        var last = await systems.BatchAsync(Leg.Split, Bodies.Batch(("2:split:0", Bodies.Split(2)), ("3:split:0", Bodies.Split(3))));
        Assert.Equal((207, "\"p\";r=0;t=600"), (last.Status, last.Headers["RateLimit"]));
        var beyond = await systems.PostAsync(Leg.Split, "4:split:0", Bodies.Split(4));

        Assert.Equal(429, beyond.Status);
        Assert.InRange(int.Parse(beyond.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 590, 600);
        Assert.Equal(1, systems.Server.Stats()[1].BudgetViolations);
        Assert.Equal(3, systems.Server.Effects.Count);
    }

    sealed class HandClock : TimeProvider
    {
        long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan by) => ticks += by.Ticks;
    }
}
