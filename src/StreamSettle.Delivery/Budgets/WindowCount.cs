using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>How many requests may still lie in a sliding window. Counts are kept in buckets that end late, never early, so it never says too few.</summary>
internal sealed class WindowCount(TimeSpan window)
{
    /// <summary>Buckets a window is divided into: its counts are freed at most this part of it late.</summary>
    const int BucketsPerWindow = 512;

    readonly Queue<(long EndUs, long Count)> closed = new();
    readonly long windowUs = window.Ticks / TimeSpan.TicksPerMicrosecond;
    readonly long bucketUs = Math.Max(1, window.Ticks / TimeSpan.TicksPerMicrosecond / BucketsPerWindow);
    long openEndUs = long.MinValue;
    long openCount;

    internal TimeSpan Window { get; } = window;

    /// <summary>Requests counted and not yet freed by <see cref="Expire"/>.</summary>
    internal long Used { get; private set; }

    /// <summary>Counts <paramref name="count"/> requests that were over at <paramref name="at"/>; times before the last one count as the last one.</summary>
    internal void Add(UtcInstant at, long count)
    {
        if (at.Microseconds > openEndUs)
        {
            Close();
            openEndUs = at.Microseconds + bucketUs - 1;
        }

        openCount += count;
        Used += count;
    }

    /// <summary>Frees what ended a whole window (and the margin) before <paramref name="now"/>.</summary>
    internal void Expire(UtcInstant now)
    {
        var limit = now.Microseconds - windowUs - SlidingBudget.MarginUs;
        while (closed.TryPeek(out var first) && first.EndUs < limit)
        {
            Used -= closed.Dequeue().Count;
        }

        if (closed.Count == 0 && openCount > 0 && openEndUs < limit)
        {
            Used -= openCount;
            openCount = 0;
        }
    }

    /// <summary>A count over another window that begins with what this one remembers.</summary>
    internal WindowCount For(TimeSpan other)
    {
        var copy = new WindowCount(other);
        foreach (var (endUs, count) in closed)
        {
            copy.Add(new(endUs), count);
        }

        if (openCount > 0)
        {
            copy.Add(new(openEndUs), openCount);
        }

        return copy;
    }

    void Close()
    {
        if (openCount > 0)
        {
            closed.Enqueue((openEndUs, openCount));
            openCount = 0;
        }
    }
}
