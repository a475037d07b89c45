namespace StreamSettle.Streams.Testing;

/// <summary>A timer of <see cref="VirtualTime"/>.</summary>
sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
{
    TimeSpan period = Timeout.InfiniteTimeSpan;

    /// <summary>Ticks of the monotonic clock at which it fires next.</summary>
    public long DueTicks { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        this.period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
        time.Schedule(this, dueTime);
        return true;
    }

    public void Fire()
    {
        time.Schedule(this, period);
        callback(state);
    }

    public void Dispose() => time.Schedule(this, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
