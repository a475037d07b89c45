using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>
/// How long a batch that is not full waits for company: as long as it pays. Calls whose marks are being committed are waited for in any case. For others it waits only where some come:
/// that is seen by what comes within a linger's time after a batch could have gone, whether it waited or went. Lanes that were in it count for nothing, as their next calls come because it went.
/// Not thread-safe; time comes with each call.
/// </summary>
/// <param name="batchSize">The largest batch. A fourth of it is company enough, and never more than eight.</param>
internal sealed class BatchPatience(int batchSize)
{
    /// <summary>Longest that a call waits for others.</summary>
    internal static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);

    /// <summary>Sending sixteen hundred requests a second to a system costs less than what each of their lanes would wait.</summary>
    const int MostEnough = 8;

    // Timers count whole milliseconds and may come that much early.
    static readonly TimeSpan TimerStep = TimeSpan.FromMilliseconds(1);

    readonly int enough = Math.Clamp(batchSize / 4, 1, MostEnough);
    readonly HashSet<LaneKey> seen = [];
    MonotonicInstant? waitsSince;
    MonotonicInstant? watchesSince;
    int company;
    bool pays = true;
    bool isOver;

    /// <summary>Whether batches go that are not full.</summary>
    /// <param name="othersCome">Calls are on their way here: marked, and their commit not over or not told yet.</param>
    internal bool MayGo(bool othersCome, MonotonicInstant now)
    {
        Judge(now);
        return isOver || !(othersCome || pays);
    }

    /// <summary>A call came to be sent.</summary>
    internal void Came(LaneKey lane, MonotonicInstant now)
    {
        Judge(now);
        if (watchesSince is not null && seen.Add(lane) && ++company >= enough)
        {
            (pays, watchesSince) = (true, null);
        }
    }

    /// <summary>A request goes.</summary>
    internal void Went(DownstreamRequest request, int fullSize, MonotonicInstant now)
    {
        if (!request.IsBatch || isOver)
        {
            return;
        }

        if (request.Calls.Length >= fullSize)
        {
            // Whoever waited was right to.
            watchesSince = pays ? null : watchesSince;
        }
        else if (watchesSince is null)
        {
            Watch(now);
            foreach (var call in request.Calls)
            {
                seen.Add(call.Lane);
            }
        }
    }

    /// <summary>All that may go has gone.</summary>
    /// <param name="waiting">Calls that wait for company.</param>
    internal void Left(int waiting, bool othersCome, MonotonicInstant now)
    {
        if (waiting == 0)
        {
            (waitsSince, isOver) = (null, false);
            return;
        }

        if (waitsSince is null && !othersCome)
        {
            Watch(now);
        }

        waitsSince ??= now;
    }

    /// <summary>How long the first of those that wait goes on waiting; null where none does.</summary>
    internal TimeSpan? LeftOf(MonotonicInstant now) => waitsSince is { } since && !isOver ? since + Linger - now : null;

    /// <summary>Time has passed.</summary>
    internal void Tick(MonotonicInstant now) => isOver |= LeftOf(now) is { } left && left < TimerStep;

    void Watch(MonotonicInstant now)
    {
        (watchesSince, company) = (now, 0);
        seen.Clear();
    }

    void Judge(MonotonicInstant now)
    {
        if (watchesSince is { } since && now - since >= Linger)
        {
            (pays, watchesSince) = (false, null);
        }
    }
}
