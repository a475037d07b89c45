namespace StreamSettle.Kernel.Time;

/// <summary>
/// An instant of the monotonic clock, in whole microseconds. Every wait, pause and window goes by it: nobody can set it, forward or back. It means nothing to
/// others, and to a later process only within one boot of the machine.
/// </summary>
/// <param name="Microseconds">Since a moment that is the same for all processes of one boot of the machine.</param>
public readonly record struct MonotonicInstant(long Microseconds) : IComparable<MonotonicInstant>
{
    public static MonotonicInstant operator +(MonotonicInstant instant, TimeSpan duration) => new(checked(instant.Microseconds + duration.Ticks / TimeSpan.TicksPerMicrosecond));

    public static MonotonicInstant operator -(MonotonicInstant instant, TimeSpan duration) => instant + -duration;

    public static TimeSpan operator -(MonotonicInstant later, MonotonicInstant earlier) => TimeSpan.FromMicroseconds(later.Microseconds - earlier.Microseconds);

    public static bool operator <(MonotonicInstant left, MonotonicInstant right) => left.Microseconds < right.Microseconds;

    public static bool operator >(MonotonicInstant left, MonotonicInstant right) => left.Microseconds > right.Microseconds;

    public static bool operator <=(MonotonicInstant left, MonotonicInstant right) => left.Microseconds <= right.Microseconds;

    public static bool operator >=(MonotonicInstant left, MonotonicInstant right) => left.Microseconds >= right.Microseconds;

    /// <summary>The clock's time, rounded down.</summary>
    public static MonotonicInstant Now(TimeProvider time) => new(time.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond);

    public static MonotonicInstant Later(MonotonicInstant left, MonotonicInstant right) => left > right ? left : right;

    public int CompareTo(MonotonicInstant other) => Microseconds.CompareTo(other.Microseconds);
}
