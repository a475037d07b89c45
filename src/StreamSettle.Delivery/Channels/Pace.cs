using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>
/// How many requests one system may get now: concurrency, budget, what it asked for by <c>Retry-After</c>, and whether it takes our credentials.
/// All of it by the monotonic clock. Not thread-safe; time comes with each call.
/// </summary>
/// <param name="budget">What the system's limits leave to this process; requests are counted there by whoever starts them.</param>
internal sealed class Pace(DownstreamOptions options, IRequestBudget budget)
{
    readonly Allowances allowances = new();
    MonotonicInstant? pausedUntil;
    Allowance[] scarce = [];
    int found;
    bool answered;
    int refusals;
    int probesInFlight;
    MonotonicInstant probeAt;

    /// <summary>Requests sent and not over.</summary>
    internal int InFlight { get; private set; }

    /// <summary>The system refused our credentials, and no probe has got another answer since.</summary>
    bool CredentialsRefused => refusals > 0;

    /// <summary>Longest that a reset is believed, where no window that is known is longer: a month's quota.</summary>
    internal static readonly TimeSpan LongestReset = TimeSpan.FromDays(31);

    internal ChannelHealth Health(MonotonicInstant now)
    {
        if (CredentialsRefused)
        {
            return now < probeAt || probesInFlight > 0 || now < pausedUntil ? ChannelHealth.ProbeAwaited.Instance : ChannelHealth.ProbeDue.Instance;
        }

        var exhausted = allowances.ExhaustedUntil(now);
        if (pausedUntil is { } paused && now < paused)
        {
            return new ChannelHealth.Paused((exhausted is { } until ? MonotonicInstant.Later(until, paused) : paused) - now);
        }

        return exhausted is { } full ? new ChannelHealth.Exhausted(full - now) : answered ? ChannelHealth.Open.Instance : ChannelHealth.Untried.Instance;
    }

    /// <summary>Requests that calls may be taken for now.</summary>
    internal int Available(MonotonicInstant now) => Bounded(budget.Free(now), now);

    /// <summary>Requests that may be started now.</summary>
    internal int Startable(MonotonicInstant now) => Bounded(budget.Startable(now), now);

    /// <summary>Only the budget may stand in the way of a request.</summary>
    internal bool MayStart(MonotonicInstant now) => Bounded(1, now) > 0;

    int Bounded(long budgeted, MonotonicInstant now)
    {
        var most = Health(now) switch
        {
            ChannelHealth.Open => options.Concurrency - InFlight,
            ChannelHealth.Untried => 1 - InFlight,
            ChannelHealth.ProbeDue => 1,
            ChannelHealth.Waiting or ChannelHealth.ProbeAwaited => 0,
            var other => throw new BrokenInvariantException($"unknown health {other}"),
        };
        return most <= 0 ? 0 : (int)Math.Max(0, Math.Min(Math.Min(most, allowances.Left(now)), budgeted));
    }

    /// <summary>Takes a slot for a request that is sent now.</summary>
    /// <returns>Whether it is a probe of our credentials.</returns>
    internal bool Start()
    {
        InFlight++;
        allowances.Spend(1);
        probesInFlight += CredentialsRefused ? 1 : 0;
        return CredentialsRefused;
    }

    /// <summary>What is to be kept of what the system said.</summary>
    internal SystemTerms Terms => new() { Rules = budget.Learned, PausedUntil = pausedUntil, Allowances = scarce };

    /// <summary>Takes up what was kept; a pause holds, whatever came later.</summary>
    /// <param name="isLatest">Nobody has said anything since.</param>
    internal void Recall(SystemTerms terms, bool isLatest, MonotonicInstant now)
    {
        if (terms.PausedUntil is { } until && until > now)
        {
            Pause(until);
        }

        if (isLatest)
        {
            budget.Learn(terms.Rules, now);
            allowances.Recall(terms.Allowances, found);
            scarce = [.. terms.Allowances];
        }
    }

    /// <summary>Requests that were under way when their process ended.</summary>
    internal void Find(int requests)
    {
        found += requests;
        allowances.Spend(requests);
    }

    /// <summary>The request is over.</summary>
    /// <param name="wasProbe">What <see cref="Start"/> returned.</param>
    /// <param name="rates">Null where no answer came.</param>
    internal void Finish(MonotonicInstant now, bool wasProbe, RateReading? rates)
    {
        InFlight--;
        probesInFlight -= wasProbe ? 1 : 0;
        if (rates is not null)
        {
            answered = true;
            TakeUp(rates, now);
        }
    }

    /// <summary>What one item's answer says about the whole system.</summary>
    /// <param name="isAnswered">The request got an answer, whatever it means.</param>
    internal void Judge(MonotonicInstant now, bool wasProbe, bool isAnswered, CallAnswer meaning)
    {
        if (meaning is CallAnswer.RetryLater { WholeSystem: true, After: { } after })
        {
            Pause(now + after);
        }

        if (meaning is CallAnswer.CredentialsRefused)
        {
            // Once a probe, however many calls it carried.
            if (!CredentialsRefused || (wasProbe && probeAt <= now))
            {
                // Full time, no jitter: there is one probe, nobody to spread from.
                probeAt = now + BackOffs.Bound(refusals, options);
                refusals = Math.Min(refusals + 1, BackOffs.MaxDoublings);
            }
        }
        else if (wasProbe && isAnswered)
        {
            // Whoever looks at what we ask has taken our credentials, whatever becomes of the call.
            refusals = 0;
        }
        else if (wasProbe)
        {
            probeAt = MonotonicInstant.Later(probeAt, now + BackOffs.Bound(refusals - 1, options));
        }
    }

    void Pause(MonotonicInstant until) => pausedUntil = pausedUntil is { } before ? MonotonicInstant.Later(before, until) : until;

    void TakeUp(RateReading reading, MonotonicInstant now)
    {
        budget.Learn(reading, now);
        if (reading.Quotas.Count > 0)
        {
            // The system has not counted yet what is under way; a reset that is not named is a window away.
            var longest = budget.LongestInForce > LongestReset ? budget.LongestInForce : LongestReset;
            allowances.TakeUp(budget.ShareOf(reading.Quotas), InFlight, budget.LongestInForce, longest, now);

            // Kept only where it may bind, so that not every answer changes what is kept.
            scarce = allowances.Scarce(options.Concurrency, now);
        }
    }
}
