using NodaTime;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Rules;

namespace StreamSettle.Settlement.Payouts;

/// <summary>How far the calendars of a rule book reach: beyond its last year a calendar says nothing, and splits wait without a date.</summary>
public static class CalendarCoverage
{
    /// <summary>So long before its end a calendar is worth a word: years are published about that early.</summary>
    public static TimeSpan Notice { get; } = TimeSpan.FromDays(90);

    /// <summary>The calendars that some rule goes by.</summary>
    public static IEnumerable<PayoutCalendar> Used(RuleBook book)
    {
        var names = book.Sets.SelectMany(set => set.CalendarNames).ToHashSet(StringComparer.Ordinal);
        return names.Contains(AgreedPayout.MerchantCountry) ? book.Calendars.All : book.Calendars.All.Where(calendar => names.Contains(calendar.Name));
    }

    /// <summary>What is wrong with the calendars that rules go by, a sentence each.</summary>
    /// <returns>Whether payouts are concerned now already, and the words.</returns>
    public static IEnumerable<(bool IsNow, string Text)> Gaps(RuleBook book, UtcInstant now)
    {
        foreach (var calendar in Used(book))
        {
            var name = $"calendar '{calendar.Name}'";
            if (now < YearBegins(calendar.FirstYear) || now >= YearBegins(calendar.LastYear + 1))
            {
                yield return (true, $"{name} says nothing about today, it has {calendar.FirstYear} to {calendar.LastYear}: splits that go by it wait until the year is added");
            }
            else if (now + Notice >= YearBegins(calendar.LastYear + 1))
            {
                yield return (false, $"{name} ends with {calendar.LastYear}: splits that go by it wait from then on; add {calendar.LastYear + 1}");
            }
        }
    }

    static UtcInstant YearBegins(int year) => new(Instant.FromUtc(year, 1, 1, 0, 0).ToUnixTimeTicks() / TimeSpan.TicksPerMicrosecond);
}
