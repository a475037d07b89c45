using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>
/// How many requests one system may get now: concurrency, budget, what it asked for by <c>Retry-After</c>, and whether it takes our credentials.
/// Not thread-safe; time comes with each call.
/// </summary>
internal sealed class Pace(DownstreamOptions options)
{
    readonly SlidingBudget budget = new(options.RateLimit, options.RateWindow);
    UtcInstant pausedUntil = UtcInstant.MinValue;
    UtcInstant remainingUntil = UtcInstant.MinValue;
    UtcInstant scarceUntil = UtcInstant.MinValue;
    long remaining;
    long? scarce;
    long found;
    bool answered;
    int refusals;
    int probesInFlight;
    UtcInstant probeAt;

    /// <summary>Requests sent and not over.</summary>
    internal int InFlight { get; private set; }

    /// <summary>The system refused our credentials, and no probe has succeeded since.</summary>
    internal bool CredentialsRefused => refusals > 0;

    /// <summary>One request at a time: before a system's first answer nobody knows what it bears, and while it refuses our credentials only a probe goes.</summary>
    internal bool IsCautious => !answered || CredentialsRefused;

    /// <summary>The system asked for a pause until then, if that is to come.</summary>
    internal UtcInstant PausedUntil => pausedUntil;

    internal SlidingBudget Budget => budget;

    /// <summary>Nothing may be sent, however many slots are free: what waits to be sent is to be given back.</summary>
    internal bool IsClosed(UtcInstant now) => now < pausedUntil || (CredentialsRefused && (now < probeAt || probesInFlight > 0));

    /// <summary>Requests that may be started now.</summary>
    internal int Available(UtcInstant now)
    {
        if (IsClosed(now))
        {
            return 0;
        }

        var most = CredentialsRefused ? 1 : answered ? options.Concurrency - InFlight : 1 - InFlight;
        var left = now < remainingUntil ? Math.Min(most, remaining) : most;
        return (int)Math.Max(0, Math.Min(left, budget.Free(now)));
    }

    /// <summary>Takes a slot for a request that is sent now.</summary>
    /// <returns>Whether it is a probe of our credentials.</returns>
    internal bool Start()
    {
        InFlight++;
        remaining--;
        budget.Reserve();
        probesInFlight += CredentialsRefused ? 1 : 0;
        return CredentialsRefused;
    }

    /// <summary>What is to be kept of what the system said.</summary>
    internal SystemTerms Terms => new() { Rules = budget.Learned, PausedUntil = pausedUntil, Remaining = scarce, RemainingUntil = scarceUntil };

    /// <summary>Takes up what was kept; a pause holds, whatever came later. Bounded anew, in case the clock was set back.</summary>
    /// <param name="isLatest">Nobody has said anything since.</param>
    internal void Recall(SystemTerms terms, bool isLatest, UtcInstant now)
    {
        pausedUntil = Later(pausedUntil, Earlier(terms.PausedUntil, now + RetryAfter.Longest));
        if (!isLatest)
        {
            return;
        }

        budget.Learn(terms.Rules);
        if (terms.Remaining is { } left)
        {
            var longest = options.RateWindow > RateReading.LongestReset ? options.RateWindow : RateReading.LongestReset;
            (scarce, scarceUntil) = (left, Earlier(terms.RemainingUntil, now + longest));
            (remaining, remainingUntil) = (left - found, scarceUntil);
        }
    }

    /// <summary>Requests that were under way when their process ended: used, and as late as now.</summary>
    internal void Find(int requests, UtcInstant now)
    {
        found += requests;
        remaining -= requests;
        if (requests > 0)
        {
            budget.Use(now, requests);
        }
    }

    /// <summary>The request is over.</summary>
    /// <param name="wasProbe">What <see cref="Start"/> returned.</param>
    /// <param name="rates">Null where no answer came.</param>
    internal void Finish(UtcInstant now, bool wasProbe, RateReading? rates)
    {
        InFlight--;
        probesInFlight -= wasProbe ? 1 : 0;
        budget.Complete(now);
        if (rates is not null)
        {
            answered = true;
            TakeUp(rates, now);
        }
    }

    /// <summary>What one item's answer says about the whole system.</summary>
    internal void Judge(UtcInstant now, bool wasProbe, CallAnswer meaning)
    {
        switch (meaning)
        {
            case CallAnswer.RetryLater { WholeSystem: true, After: { } after }:
                pausedUntil = Later(pausedUntil, now + after);
                break;
            case CallAnswer.CredentialsRefused when wasProbe || !CredentialsRefused:
                // Full time, no jitter: there is one probe, nobody to spread from.
                probeAt = now + BackOffs.Bound(refusals, options);
                refusals = Math.Min(refusals + 1, BackOffs.MaxDoublings);
                break;
            case CallAnswer.Delivered or CallAnswer.NotFound when wasProbe:
                refusals = 0;
                break;
            default:
                probeAt = wasProbe ? Later(probeAt, now + BackOffs.Bound(refusals - 1, options)) : probeAt;
                break;
        }
    }

    void TakeUp(RateReading reading, UtcInstant now)
    {
        budget.Learn(reading.Rules);
        if (reading.Remaining is { } left)
        {
            // The system has not counted yet what is under way; a reset that is not named is a window away.
            remaining = left - InFlight;
            remainingUntil = reading.ResetAt ?? now + options.RateWindow;

            // Kept only where it may bind, so that not every answer changes what is kept.
            var mayBind = remaining < options.Concurrency;
            (scarce, scarceUntil) = (mayBind ? remaining : null, mayBind ? remainingUntil : UtcInstant.MinValue);
        }
    }

    static UtcInstant Earlier(UtcInstant left, UtcInstant right) => left < right ? left : right;

    static UtcInstant Later(UtcInstant left, UtcInstant right) => left > right ? left : right;
}
