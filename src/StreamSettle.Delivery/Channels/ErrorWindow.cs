using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>Outcomes of the last minute, and the share of them that were errors of the system: 5xx, 408, lost connections, answers that are not good ones; not rejections, 401 and 429. Not thread-safe.</summary>
internal sealed class ErrorWindow
{
    /// <summary>Whole seconds of the window.</summary>
    internal const int Seconds = 60;

    /// <summary>Fewer say nothing.</summary>
    internal const int MinimumOutcomes = 20;

    // One more for the second that has just begun.
    readonly (long Second, int Outcomes, int Errors)[] ring = new (long, int, int)[Seconds + 1];

    internal void Count(MonotonicInstant now, int outcomes, int errors)
    {
        var second = SecondOf(now);
        ref var slot = ref ring[second % ring.Length];
        if (slot.Second != second)
        {
            slot = (second, 0, 0);
        }

        slot.Outcomes += outcomes;
        slot.Errors += errors;
    }

    /// <summary>Null while there are too few to tell.</summary>
    internal double? Ratio(MonotonicInstant now)
    {
        var (outcomes, errors, current) = (0, 0, SecondOf(now));
        foreach (var slot in ring)
        {
            if (slot.Second >= current - Seconds && slot.Second <= current)
            {
                outcomes += slot.Outcomes;
                errors += slot.Errors;
            }
        }

        return outcomes < MinimumOutcomes ? null : errors / (double)outcomes;
    }

    static long SecondOf(MonotonicInstant now) => now.Microseconds / 1_000_000;
}
