using System.Collections.Frozen;
using System.Globalization;
using NodaTime;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Settlement.Payouts;

/// <summary>The calendars that were loaded with the rules, by name, and the arithmetic over them. Immutable; safe for many threads.</summary>
public sealed class PayoutCalendars
{
    /// <summary>No calendar has so few payout days that the next is further away; one that had would never pay out.</summary>
    const int MaxDays = 400;

    const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    readonly FrozenDictionary<string, PayoutCalendar> byName;

    internal PayoutCalendars(IEnumerable<PayoutCalendar> calendars) => byName = calendars.ToFrozenDictionary(calendar => calendar.Name, StringComparer.Ordinal);

    /// <summary>None at all.</summary>
    public static PayoutCalendars None { get; } = new([]);

    /// <summary>By name.</summary>
    public IEnumerable<PayoutCalendar> All => byName.Values.OrderBy(calendar => calendar.Name, StringComparer.Ordinal);

    /// <summary>The calendar of that name; null where there is none.</summary>
    public PayoutCalendar? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>
    /// Whether a payout may go now, or when: on a payout day of the calendar, as clocks in the zone have it, before the cut-off. What comes exactly at the cut-off has
    /// missed it. The next payout day begins with its first instant there.
    /// </summary>
    /// <param name="calendar">Its name.</param>
    /// <param name="timeZone">IANA name.</param>
    /// <param name="cutOff">Local time from which on nothing goes any more that day; null: it ends with the day.</param>
    public PayoutTime Next(string calendar, string timeZone, TimeOnly? cutOff, UtcInstant now)
    {
        if (Find(calendar) is not { } days)
        {
            return new PayoutTime.Unknown($"there is no calendar '{calendar}'; add it to the folder calendars beside the rule sets, and restart");
        }

        return DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) is { } zone
            ? Next(days, zone, cutOff is { } time ? LocalTime.FromTicksSinceMidnight(time.Ticks) : null, now)
            : new PayoutTime.Unknown(timeZone.Length == 0 ? "the merchant's time zone is not known; fill the column in" : $"the merchant's time zone '{timeZone}' is no IANA name; correct the row");
    }

    static PayoutTime Next(PayoutCalendar calendar, DateTimeZone zone, LocalTime? cutOff, UtcInstant now)
    {
        var instant = Instant.FromUnixTimeTicks(now.Microseconds * TicksPerMicrosecond);
        var today = instant.InZone(zone).Date;
        for (var ahead = 0; ahead <= MaxDays; ahead++)
        {
            var date = today.PlusDays(ahead);
            if (!calendar.Covers(date))
            {
                return new PayoutTime.Unknown(string.Create(
                    CultureInfo.InvariantCulture, $"calendar '{calendar.Name}' says nothing about {date.Year}: it has {calendar.FirstYear} to {calendar.LastYear}; add the year, and restart"));
            }

            if (calendar.IsPayoutDay(date) && PayoutDay.TryOf(date, zone, cutOff, out var day) && instant < day.End)
            {
                return day.Start <= instant
                    ? PayoutTime.Open.Instance
                    : new PayoutTime.Later(new(day.Start.ToUnixTimeTicks() / TicksPerMicrosecond), Why(calendar, zone, cutOff, today));
            }
        }

        return new PayoutTime.Unknown($"calendar '{calendar.Name}' has no payout day within {MaxDays} days");
    }

    static string Why(PayoutCalendar calendar, DateTimeZone zone, LocalTime? cutOff, LocalDate today)
    {
        var date = today.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
        return calendar.IsPayoutDay(today) && cutOff is { } time
            ? $"past the cut-off {time.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} of {date} in {zone.Id}, calendar {calendar.Name}"
            : $"{date} in {zone.Id} is {calendar.NameOf(today)} by calendar {calendar.Name}";
    }
}
