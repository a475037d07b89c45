namespace StreamSettle.Kernel.Time;

/// <summary>Whether the wall clock can be trusted to fire marks.</summary>
public abstract record ClockState
{
    /// <summary>Wall and monotonic clock advance alike.</summary>
    public sealed record Agreeing : ClockState;

    /// <summary>The wall clock jumped against the monotonic one.</summary>
    /// <param name="Since">Wall clock when it was noticed.</param>
    /// <param name="Jump">By how much, positive for forward.</param>
    public sealed record Suspended(UtcInstant Since, TimeSpan Jump) : ClockState;
}

/// <summary>
/// Watches the wall clock against the monotonic one. A jump by more than the bound suspends; it goes on after both have agreed for
/// <see cref="AgreementNeeded"/>, or when an operator says so. Late is better than early (I6). Thread-safe.
/// </summary>
/// <param name="bound">Greatest jump between two checks that is taken for ordinary slewing. Default 2 s.</param>
public sealed class ClockGuard(TimeProvider time, TimeSpan? bound = null)
{
    static readonly ClockState Agreeing = new ClockState.Agreeing();

    readonly TimeSpan bound = bound ?? TimeSpan.FromSeconds(2);
    readonly Lock sync = new();
    UtcInstant wall = UtcInstant.Now(time);
    long monotonic = time.GetTimestamp();
    long agreeingSince;
    ClockState.Suspended? suspended;

    /// <summary>How long both clocks must have agreed after a jump.</summary>
    public static TimeSpan AgreementNeeded { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Compares both clocks since the last check.</summary>
    public ClockState Check()
    {
        lock (sync)
        {
            var (wallNow, monotonicNow) = (UtcInstant.Now(time), time.GetTimestamp());
            var jump = (wallNow - wall) - time.GetElapsedTime(monotonic, monotonicNow);
            (wall, monotonic) = (wallNow, monotonicNow);
            if (jump.Duration() > bound)
            {
                suspended = new(wallNow, jump);
                agreeingSince = monotonicNow;
            }
            else if (suspended is not null && time.GetElapsedTime(agreeingSince, monotonicNow) >= AgreementNeeded)
            {
                suspended = null;
            }

            return suspended ?? Agreeing;
        }
    }

    /// <summary>An operator says that the wall clock is right.</summary>
    /// <returns>What stood in the way; null where nothing did.</returns>
    public ClockState.Suspended? Resume()
    {
        lock (sync)
        {
            var was = suspended;
            suspended = null;
            return was;
        }
    }
}
