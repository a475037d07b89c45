namespace StreamSettle.Streams.Testing;

/// <summary>A clock that stands still until it is moved. Timers fire inside the call that moves it, in time order. Thread-safe.</summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    readonly Lock gate = new();
    readonly List<VirtualTimer> timers = [];
    DateTimeOffset wall = start;
    long elapsedTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer is due, after now; null when there is none.</summary>
    public TimeSpan? UntilNextTimer
    {
        get
        {
            lock (gate)
            {
                return NextTimer() is { } timer ? TimeSpan.FromTicks(Math.Max(0, timer.DueTicks - elapsedTicks)) : null;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return wall;
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return elapsedTicks;
        }
    }

    /// <summary>Moves the wall clock and the monotonic one together, firing timers on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var left = by;
        while (StepToTimer(ref left) is { } due)
        {
            due.Fire();
        }
    }

    /// <summary>Moves the wall clock alone, either way: what an operator or a time server does.</summary>
    public void JumpWall(TimeSpan by)
    {
        lock (gate)
        {
            wall += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal void Schedule(VirtualTimer timer, TimeSpan dueTime)
    {
        lock (gate)
        {
            timers.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.DueTicks = elapsedTicks + dueTime.Ticks;
                timers.Add(timer);
            }
        }
    }

    /// <summary>Moves to the next timer within <paramref name="left"/> and takes it out; moves all the way and returns null when there is none.</summary>
    VirtualTimer? StepToTimer(ref TimeSpan left)
    {
        lock (gate)
        {
            var next = NextTimer();
            var step = next is null ? left.Ticks : Math.Clamp(next.DueTicks - elapsedTicks, 0, left.Ticks);
            wall += TimeSpan.FromTicks(step);
            elapsedTicks += step;
            left -= TimeSpan.FromTicks(step);
            if (next is null || next.DueTicks > elapsedTicks)
            {
                return null;
            }

            timers.Remove(next);
            return next;
        }
    }

    VirtualTimer? NextTimer() => timers.MinBy(timer => timer.DueTicks);
}
