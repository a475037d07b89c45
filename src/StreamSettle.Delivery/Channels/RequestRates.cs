using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>Requests and errors of the last seconds. Not thread-safe.</summary>
internal sealed class RequestRates
{
    /// <summary>Whole seconds that a rate is taken over.</summary>
    internal const int Seconds = 10;

    // One more for the second that has just begun.
    readonly (long Second, int Requests, int Errors)[] ring = new (long, int, int)[Seconds + 1];

    internal void Count(MonotonicInstant now, bool isError)
    {
        var second = SecondOf(now);
        ref var slot = ref ring[second % ring.Length];
        if (slot.Second != second)
        {
            slot = (second, 0, 0);
        }

        slot.Requests++;
        slot.Errors += isError ? 1 : 0;
    }

    /// <summary>Requests a second, and the share of errors.</summary>
    internal (double PerSecond, double ErrorRatio) Read(MonotonicInstant now)
    {
        var (requests, errors, current) = (0, 0, SecondOf(now));
        foreach (var slot in ring)
        {
            if (slot.Second >= current - Seconds && slot.Second < current)
            {
                requests += slot.Requests;
                errors += slot.Errors;
            }
        }

        return (requests / (double)Seconds, requests == 0 ? 0 : errors / (double)requests);
    }

    static long SecondOf(MonotonicInstant now) => now.Microseconds / 1_000_000;
}
