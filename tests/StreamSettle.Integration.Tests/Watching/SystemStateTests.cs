using StreamSettle.App.Watching;
using StreamSettle.Delivery.Breakers;
using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Integration.Tests.Watching;

public class SystemStateTests
{
    [Theory]
    [InlineData(BreakerMode.Closed, SystemState.Well, Health.Good, "ok")]
    [InlineData(BreakerMode.Degraded, SystemState.Degraded, Health.Warning, "degraded since 2026-11-28T09:00:00Z: 4 of 20; key accounts go on, the others wait, next probe 2026-11-28T10:00:01Z")]
    [InlineData(BreakerMode.Away, SystemState.Away, Health.Bad, "away, degraded since 2026-11-28T09:00:00Z: 4 of 20; all calls wait, next probe 2026-11-28T10:00:01Z")]
    internal void A_system_is_as_its_breaker_says_and_people_read_since_when_why_and_what_is_next(BreakerMode mode, SystemState state, Health health, string text)
    {
        var seen = SystemStates.Of(Status(mode), Now);

        Assert.Equal((state, health, text), (seen.State, seen.Health, seen.Text));
    }

    [Fact]
    public void A_system_that_refuses_our_credentials_is_bad_whatever_its_errors()
    {
        var seen = SystemStates.Of(Status(BreakerMode.Degraded) with { Health = new ChannelHealth.ProbeDue() }, Now);

        Assert.Equal((Health.Bad, "refuses our credentials"), (seen.Health, seen.Text));
    }

    [Theory]
    [InlineData(60, BreakerMode.Closed, SystemState.Well, Health.Good)]
    [InlineData(61, BreakerMode.Closed, SystemState.Paused, Health.Warning)]
    [InlineData(3_600, BreakerMode.Away, SystemState.Away, Health.Bad)]
    internal void A_system_that_is_paused_for_long_is_to_be_looked_at(int seconds, BreakerMode mode, SystemState state, Health health)
    {
        var seen = SystemStates.Of(Status(mode) with { Health = new ChannelHealth.Paused(TimeSpan.FromSeconds(seconds)) }, Now);

        Assert.Equal((state, health), (seen.State, seen.Health));
        Assert.StartsWith(mode == BreakerMode.Closed ? "paused until 2026-11-28T" : "away, ", seen.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BreakerMode.Closed, Health.Warning, "ok; one call of a merchant at a time until the next start, since it did not keep its order: 4 before 3")]
    [InlineData(BreakerMode.Away, Health.Bad, "away, degraded since")]
    internal void A_system_that_does_not_keep_its_order_is_to_be_looked_at(BreakerMode mode, Health health, string text)
    {
        var seen = SystemStates.Of(Status(mode) with { OrderBreach = "4 before 3" }, Now);

        Assert.Equal((health, false), (seen.Health, seen.KeepsOrder));
        Assert.StartsWith(text, seen.Text, StringComparison.Ordinal);
        Assert.EndsWith(": 4 before 3", seen.Text, StringComparison.Ordinal);
    }

    static UtcInstant Now { get; } = UtcInstant.Parse("2026-11-28T10:00:00Z");

    static ChannelStatus Status(BreakerMode mode) => new(Leg.Tax, default, default, default, new ChannelHealth.Open(), Now)
    {
        Breaker = mode == BreakerMode.Closed ? new(mode, null, "", null) : new(mode, UtcInstant.Parse("2026-11-28T09:00:00Z"), "4 of 20", UtcInstant.Parse("2026-11-28T10:00:01Z")),
    };
}
