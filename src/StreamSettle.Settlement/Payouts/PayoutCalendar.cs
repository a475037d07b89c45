using System.Collections.Frozen;
using NodaTime;

namespace StreamSettle.Settlement.Payouts;

/// <summary>On which days payouts go: weekends, and explicit dates by year. A year that is not in it says nothing, and is not taken for one without holidays. Immutable.</summary>
public sealed class PayoutCalendar
{
    readonly FrozenSet<IsoDayOfWeek> weekend;
    readonly FrozenDictionary<LocalDate, string> holidays;
    readonly FrozenSet<LocalDate> workdays;

    /// <param name="holidays">Days off by date, with their names.</param>
    /// <param name="workdays">Days of a weekend that payouts go on all the same.</param>
    /// <param name="firstYear">With <paramref name="lastYear"/>: what it covers, without a gap.</param>
    internal PayoutCalendar(
        string name, IEnumerable<IsoDayOfWeek> weekend, IReadOnlyDictionary<LocalDate, string> holidays, IEnumerable<LocalDate> workdays, int firstYear, int lastYear)
    {
        (Name, FirstYear, LastYear) = (name, firstYear, lastYear);
        this.weekend = weekend.ToFrozenSet();
        this.holidays = holidays.ToFrozenDictionary();
        this.workdays = workdays.ToFrozenSet();
    }

    /// <summary>As rules name it: a country (<c>DE</c>), or what a team calls its own.</summary>
    public string Name { get; }

    /// <summary>The first year that it has data for.</summary>
    public int FirstYear { get; }

    /// <summary>The last year that it has data for: nothing can be scheduled beyond it.</summary>
    public int LastYear { get; }

    internal bool Covers(LocalDate date) => date.Year >= FirstYear && date.Year <= LastYear;

    /// <summary>Whether payouts go on that day; to be asked only of a date that it covers.</summary>
    internal bool IsPayoutDay(LocalDate date) => workdays.Contains(date) || (!weekend.Contains(date.DayOfWeek) && !holidays.ContainsKey(date));

    /// <summary>What the day is called on which no payout goes: the holiday's name, or the day of the week.</summary>
    internal string NameOf(LocalDate date) => holidays.TryGetValue(date, out var name) ? name : date.DayOfWeek.ToString();
}
