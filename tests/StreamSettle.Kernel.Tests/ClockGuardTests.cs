using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Kernel.Tests;

public class ClockGuardTests
{
    readonly TwoClocks clocks = new();

    [Fact]
    public void Clocks_that_advance_alike_agree()
    {
        var guard = new ClockGuard(clocks);
        clocks.Advance(TimeSpan.FromHours(30));

        Assert.IsType<ClockState.Agreeing>(guard.Check());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public void A_jump_suspends_until_both_have_agreed_for_a_minute(int seconds)
    {
        var guard = new ClockGuard(clocks);
        clocks.Jump(TimeSpan.FromSeconds(seconds));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.IsType<ClockState.Suspended>(guard.Check()).Jump);

        clocks.Advance(TimeSpan.FromSeconds(59));
        Assert.IsType<ClockState.Suspended>(guard.Check());
        clocks.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<ClockState.Agreeing>(guard.Check());
    }

    [Fact]
    public void Slewing_is_no_jump()
    {
        var guard = new ClockGuard(clocks);
        clocks.Jump(TimeSpan.FromSeconds(1.9));

        Assert.IsType<ClockState.Agreeing>(guard.Check());
    }

    [Fact]
    public void An_operator_may_say_that_the_clock_is_right()
    {
        var guard = new ClockGuard(clocks);
        clocks.Jump(TimeSpan.FromDays(1));
        Assert.Null(guard.Resume());
        guard.Check();

        Assert.Equal(TimeSpan.FromDays(1), guard.Resume()?.Jump);
        Assert.IsType<ClockState.Agreeing>(guard.Check());
        Assert.Null(guard.Resume());
    }

    sealed class TwoClocks : TimeProvider
    {
        long wall = DateTimeOffset.UnixEpoch.AddYears(56).Ticks;
        long monotonic;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => new(wall, TimeSpan.Zero);

        public override long GetTimestamp() => monotonic;

        public void Advance(TimeSpan by)
        {
            wall += by.Ticks;
            monotonic += by.Ticks;
        }

        public void Jump(TimeSpan by) => wall += by.Ticks;
    }
}
