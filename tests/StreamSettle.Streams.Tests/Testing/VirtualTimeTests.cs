using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Streams.Tests.Testing;

public class VirtualTimeTests
{
    readonly VirtualTime time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Timers_fire_at_their_times_and_in_their_order()
    {
        var fired = new List<(string, double)>();
        void Fire(object? name) => fired.Add(((string)name!, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds));
        using var every = time.CreateTimer(Fire, "every", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        using var once = time.CreateTimer(Fire, "once", TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromSeconds(4));
        every.Dispose();
        time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal([("every", 2), ("once", 3), ("every", 4)], fired);
    }

    [Fact]
    public async Task Delays_end_when_the_clock_is_moved()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), time);
        Assert.False(delay.IsCompleted);

        time.Advance(TimeSpan.FromHours(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void The_wall_clock_jumps_alone()
    {
        time.JumpWall(TimeSpan.FromHours(-1));

        Assert.Equal(0, time.GetTimestamp());
        Assert.Equal(DateTimeOffset.UnixEpoch - TimeSpan.FromHours(1), time.GetUtcNow());
    }
}
