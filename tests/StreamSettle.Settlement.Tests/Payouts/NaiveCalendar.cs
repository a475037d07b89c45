using NodaTime;

namespace StreamSettle.Settlement.Tests.Payouts;

/// <summary>The same as the product's arithmetic, by looking at the clock minute by minute: it knows nothing of a zone but its offset at an instant.</summary>
sealed class NaiveCalendar(DateTimeZone zone, IReadOnlySet<IsoDayOfWeek> weekend, IReadOnlySet<LocalDate> holidays, LocalTime? cutOff)
{
    static readonly Duration Around = Duration.FromHours(27);

    /// <returns>Now itself where it is open.</returns>
    public Instant Next(Instant now)
    {
        for (var date = Clock(now).Date.PlusDays(-2); ; date = date.PlusDays(1))
        {
            if (weekend.Contains(date.DayOfWeek) || holidays.Contains(date))
            {
                continue;
            }

            var start = FirstAtOrAfter(date.AtMidnight());
            var end = cutOff is { } time ? FirstAtOrAfter(date.At(time)) : FirstAtOrAfter(date.PlusDays(1).AtMidnight());
            if (Clock(start).Date == date && start < end && now < end)
            {
                return start > now ? start : now;
            }
        }
    }

    LocalDateTime Clock(Instant at) => at.WithOffset(zone.GetUtcOffset(at)).LocalDateTime;

    /// <summary>When clocks show that time, or have passed it, for the first time.</summary>
    Instant FirstAtOrAfter(LocalDateTime local)
    {
        var at = local.InUtc().ToInstant() - Around;
        while (Clock(at) < local)
        {
            at += Duration.FromMinutes(1);
        }

        return at;
    }
}
