using StreamSettle.App.Watching;
using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Integration.Tests.Watching;

public class SystemStateTests
{
    [Theory]
    [InlineData(SystemState.Well, null, SystemState.Well)]
    [InlineData(SystemState.Well, 0.1, SystemState.Well)]
    [InlineData(SystemState.Well, 0.11, SystemState.Failing)]
    [InlineData(SystemState.Well, 0.07, SystemState.Well)]
    [InlineData(SystemState.Failing, 0.07, SystemState.Failing)]
    [InlineData(SystemState.Down, 0.07, SystemState.Failing)]
    [InlineData(SystemState.Failing, 0.04, SystemState.Well)]
    [InlineData(SystemState.Failing, null, SystemState.Well)]
    [InlineData(SystemState.Well, 0.5, SystemState.Down)]
    internal void A_system_fails_above_the_breakers_rate_and_is_well_below_half_of_it(SystemState before, double? ratio, SystemState after) =>
        Assert.Equal(after, SystemStates.Of(before, Status(ratio), Now).State);

    [Fact]
    public void A_system_that_refuses_our_credentials_is_bad_whatever_its_errors()
    {
        var seen = SystemStates.Of(SystemState.Well, Status(null) with { Health = new ChannelHealth.ProbeDue() }, Now);

        Assert.Equal((Health.Bad, "refuses our credentials"), (seen.Health, seen.Text));
    }

    [Theory]
    [InlineData(60, null, SystemState.Well, Health.Good)]
    [InlineData(61, null, SystemState.Paused, Health.Warning)]
    [InlineData(3_600, 0.6, SystemState.Down, Health.Bad)]
    internal void A_system_that_is_paused_for_long_is_to_be_looked_at(int seconds, double? ratio, SystemState state, Health health)
    {
        var seen = SystemStates.Of(SystemState.Well, Status(ratio) with { Health = new ChannelHealth.Paused(TimeSpan.FromSeconds(seconds)) }, Now);

        Assert.Equal((state, health), (seen.State, seen.Health));
        Assert.StartsWith(ratio is null ? "paused until 2026-11-28T" : "failing: 60.0 %", seen.Text, StringComparison.Ordinal);
    }

    static UtcInstant Now { get; } = UtcInstant.Parse("2026-11-28T10:00:00Z");

    static ChannelStatus Status(double? ratio) => new(Leg.Tax, default, new(0, 0, ratio), default, new ChannelHealth.Open(), Now);
}
