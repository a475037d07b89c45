using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Breakers;

/// <summary>Outcomes of a sliding window, and how many of them were errors of the system, by sixtieths of its length. Not thread-safe.</summary>
/// <param name="minimum">Fewer say nothing.</param>
internal sealed class ErrorWindow(TimeSpan length, int minimum)
{
    const int Parts = 60;

    readonly long partUs = Math.Max(1, length.Ticks / TimeSpan.TicksPerMicrosecond / Parts);

    // One more for the part that has just begun.
    readonly (long Part, int Outcomes, int Errors)[] ring = new (long, int, int)[Parts + 1];

    internal void Count(MonotonicInstant now, int outcomes, int errors)
    {
        var part = PartOf(now);
        ref var slot = ref ring[(int)(part % ring.Length)];
        if (slot.Part != part)
        {
            slot = (part, 0, 0);
        }

        slot.Outcomes += outcomes;
        slot.Errors += errors;
    }

    internal void Clear() => Array.Clear(ring);

    /// <summary>Null while there are too few to tell.</summary>
    internal double? Ratio(MonotonicInstant now) => Read(now) is var (outcomes, errors) && outcomes >= minimum ? errors / (double)outcomes : null;

    /// <summary>What is in it now.</summary>
    internal (int Outcomes, int Errors) Read(MonotonicInstant now)
    {
        var (outcomes, errors, current) = (0, 0, PartOf(now));
        foreach (var slot in ring)
        {
            if (slot.Part >= current - Parts && slot.Part <= current)
            {
                outcomes += slot.Outcomes;
                errors += slot.Errors;
            }
        }

        return (outcomes, errors);
    }

    long PartOf(MonotonicInstant now) => now.Microseconds / partUs;
}
