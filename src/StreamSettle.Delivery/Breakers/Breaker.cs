using System.Globalization;
using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Breakers;

/// <summary>
/// Judges a system by the errors of a sliding window: degraded above <see cref="BreakerOptions.ErrorRate"/>, well again when a whole window of probes and key
/// accounts' calls is below half of it, away when nothing but errors came for a while. Not thread-safe; time comes with each call.
/// </summary>
internal sealed class Breaker(DownstreamOptions options)
{
    readonly ErrorWindow window = new(options.Breaker.Window, options.Breaker.MinimumOutcomes);
    Degradation? degradation;
    MonotonicInstant judgedSince;
    MonotonicInstant probeAt;
    int failedInARow;
    int failedProbes;
    UtcInstant recalledAt = UtcInstant.MinValue;
    bool hasJudged;

    internal BreakerMode Mode => degradation is null ? BreakerMode.Closed : degradation.Away ? BreakerMode.Away : BreakerMode.Degraded;

    /// <summary>What is to be kept over restarts; null while it is closed.</summary>
    internal Degradation? Degradation => degradation;

    /// <summary>Requests are counted only in the round that they were started in: those from before say nothing of whether the system is well again.</summary>
    internal int Round { get; private set; }

    /// <summary>Probes that may be on their way at once.</summary>
    int MostProbes => Mode == BreakerMode.Away ? 1 : options.Breaker.MinimumOutcomes;

    /// <summary>Calls of the class may be sent; of the others single ones as probes.</summary>
    internal bool MayGo(CallClass of) => Mode switch
    {
        BreakerMode.Closed => true,
        BreakerMode.Degraded => of == CallClass.KeyAccount,
        _ => false,
    };

    /// <summary>A call that may not go may be sent as a probe.</summary>
    /// <param name="onTheirWay">Probes that are not over.</param>
    internal bool IsProbeDue(int onTheirWay, MonotonicInstant now) => Mode != BreakerMode.Closed && now >= probeAt && onTheirWay < MostProbes;

    /// <summary>A probe is on its way.</summary>
    internal void Probe(MonotonicInstant now) => probeAt = now + (Mode == BreakerMode.Degraded ? options.Breaker.ProbeInterval : PauseBetweenProbes);

    /// <summary>Share of errors in the window; null while there are too few outcomes to tell.</summary>
    internal double? Ratio(MonotonicInstant now) => window.Ratio(now);

    /// <summary>A request is over.</summary>
    /// <param name="round">Of when it was started.</param>
    internal void Count(int round, bool wasProbe, SystemOutcomes seen, MonotonicInstant now, UtcInstant wall)
    {
        var (outcomes, errors, error) = seen;
        if (round != Round || outcomes == 0)
        {
            return;
        }

        hasJudged = true;
        window.Count(now, outcomes, errors);
        failedInARow = errors == outcomes ? failedInARow + 1 : 0;
        switch (Mode)
        {
            case BreakerMode.Closed when errors > 0:
                Judge(error, now, wall);
                break;
            case BreakerMode.Degraded when errors > 0:
                GoAway(now);
                break;
            case BreakerMode.Away when errors < outcomes:
                degradation = degradation! with { Away = false };
                (failedProbes, probeAt, judgedSince) = (0, now, now);
                break;
            case BreakerMode.Away when wasProbe:
                failedProbes++;
                probeAt = now + PauseBetweenProbes;
                break;
        }

        Recover(now);
    }

    /// <summary>Time has passed: errors may have left the window.</summary>
    internal void Tick(MonotonicInstant now) => Recover(now);

    /// <summary>Takes up what a task kept last, as long as this process has not judged the system by its own calls: each task keeps what came with its own answers, so that most know old states.</summary>
    /// <param name="kept">Null where it was well.</param>
    /// <param name="keptAt">The latest counts.</param>
    internal void Recall(Degradation? kept, UtcInstant keptAt, MonotonicInstant now)
    {
        if (hasJudged || keptAt <= recalledAt)
        {
            return;
        }

        recalledAt = keptAt;
        degradation = null;
        if (kept is not null)
        {
            Degrade(kept, now);
        }
    }

    internal BreakerStatus Status(MonotonicInstant now, UtcInstant wall) => degradation is { } known
        ? new(Mode, known.Since, known.Reason, wall + (probeAt > now ? probeAt - now : TimeSpan.Zero))
        : BreakerStatus.Closed;

    /// <summary>Bounded, so that a system which is back is found out within half a window.</summary>
    TimeSpan PauseBetweenProbes
    {
        get
        {
            var pause = BackOffs.Bound(failedProbes, options);
            return pause < options.Breaker.Window / 2 ? pause : options.Breaker.Window / 2;
        }
    }

    void Judge(string? error, MonotonicInstant now, UtcInstant wall)
    {
        var (outcomes, errors) = window.Read(now);
        if (outcomes >= options.Breaker.MinimumOutcomes && errors > options.Breaker.ErrorRate * outcomes)
        {
            var reason = string.Create(
                CultureInfo.InvariantCulture, $"{errors} of {outcomes} outcomes within {options.Breaker.Window.TotalSeconds:0.#} s were errors ({100.0 * errors / outcomes:0.#} %), the last: {error}");
            var row = failedInARow;
            Degrade(new(wall, reason, Away: false), now);
            failedInARow = row;
            GoAway(now);
        }
    }

    void Degrade(Degradation to, MonotonicInstant now)
    {
        degradation = to;
        Round++;
        window.Clear();
        (judgedSince, probeAt, failedInARow, failedProbes) = (now, now, 0, 0);
    }

    void GoAway(MonotonicInstant now)
    {
        if (failedInARow >= options.Breaker.MinimumOutcomes)
        {
            degradation = degradation! with { Away = true };
            probeAt = now + PauseBetweenProbes;
        }
    }

    /// <summary>The window stays: what is in it says that the system is well, and a few errors after it weigh little.</summary>
    void Recover(MonotonicInstant now)
    {
        if (Mode == BreakerMode.Degraded && now - judgedSince >= options.Breaker.Window && window.Read(now) is var (outcomes, errors)
            && outcomes > 0 && errors < options.Breaker.RecoveredRate * outcomes)
        {
            degradation = null;
        }
    }
}
