using NodaTime;
using NodaTime.TimeZones;

namespace StreamSettle.Settlement.Payouts;

/// <summary>A local date as a stretch of time: from its first instant up to the cut-off, or up to its end.</summary>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant that is no more of it.</param>
readonly record struct PayoutDay(Instant Start, Instant End)
{
    /// <returns>False where the zone skips the date altogether.</returns>
    public static bool TryOf(LocalDate date, DateTimeZone zone, LocalTime? cutOff, out PayoutDay day)
    {
        day = default;
        var midnight = zone.MapLocal(date.AtMidnight());
        var start = First(midnight);
        if (midnight.Count == 0 && start.InZone(zone).Date != date)
        {
            return false;
        }

        var end = First(zone.MapLocal(cutOff is { } time ? date.At(time) : date.PlusDays(1).AtMidnight()));
        day = new(start, end);
        return start < end;
    }

    /// <summary>
    /// When clocks show a local time for the first time: of one that comes twice the earlier, and of one that they pass over the instant at which they do. So a cut-off
    /// is never later than anybody reads it, and what is past it stays past it when clocks are put back.
    /// </summary>
    static Instant First(ZoneLocalMapping mapping) => mapping.Count == 0 ? mapping.LateInterval.Start : mapping.First().ToInstant();
}
