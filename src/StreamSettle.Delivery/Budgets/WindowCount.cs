using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>How many requests may still lie in a sliding window. Counts are kept in buckets that end late, never early, so it never says too few.</summary>
internal sealed class WindowCount(TimeSpan window)
{
    /// <summary>Buckets a window is divided into: its counts are freed at most this part of it late.</summary>
    const int BucketsPerWindow = 512;

    // By their ends, which are at least a bucket's width apart.
    readonly List<(long EndUs, long Count)> buckets = [];
    readonly long windowUs = window.Ticks / TimeSpan.TicksPerMicrosecond;
    readonly long bucketUs = Math.Max(1, window.Ticks / TimeSpan.TicksPerMicrosecond / BucketsPerWindow);

    internal TimeSpan Window { get; } = window;

    /// <summary>Requests counted and not yet freed by <see cref="Expire"/>.</summary>
    internal long Used { get; private set; }

    /// <summary>Counts <paramref name="count"/> requests that were over at <paramref name="at"/>, in any order of times.</summary>
    internal void Add(MonotonicInstant at, long count)
    {
        var place = buckets.Count;
        while (place > 0 && buckets[place - 1].EndUs >= at.Microseconds)
        {
            place--;
        }

        if (place < buckets.Count && buckets[place].EndUs - at.Microseconds < bucketUs)
        {
            buckets[place] = (buckets[place].EndUs, buckets[place].Count + count);
        }
        else
        {
            buckets.Insert(place, (at.Microseconds + bucketUs - 1, count));
        }

        Used += count;
    }

    /// <summary>Frees what ended a whole window (and the margin) before <paramref name="now"/>.</summary>
    internal void Expire(MonotonicInstant now)
    {
        var limit = now.Microseconds - windowUs - SlidingBudget.MarginUs;
        var expired = 0;
        while (expired < buckets.Count && buckets[expired].EndUs < limit)
        {
            Used -= buckets[expired++].Count;
        }

        buckets.RemoveRange(0, expired);
    }

    /// <summary>A count over another window that begins with what this one remembers.</summary>
    internal WindowCount For(TimeSpan other)
    {
        var copy = new WindowCount(other);
        foreach (var (endUs, count) in buckets)
        {
            copy.Add(new(endUs), count);
        }

        return copy;
    }
}
