using System.Globalization;
using NodaTime;
using NodaTime.Text;
using StreamSettle.Settlement.Payouts;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>Reads a calendar of payout days and reports all that is wrong with it. The format is told in <c>docs/payouts.md</c>.</summary>
internal sealed class CalendarReader
{
    static readonly string[] Keys = ["name", "source", "licence", "weekend", "years"];
    static readonly string[] YearKeys = ["holidays", "workdays"];

    static readonly (string, IsoDayOfWeek)[] DaysOfWeek =
        [.. Enum.GetValues<IsoDayOfWeek>().Where(day => day != IsoDayOfWeek.None).Select(day => (day.ToString().ToUpperInvariant(), day))];

    readonly Dictionary<LocalDate, string> holidays = [];
    readonly Dictionary<LocalDate, JsonPlace> workdays = [];
    readonly SortedSet<int> years = [];

    /// <returns>The name where it could be read, and the calendar where it could be made: worth something only when nothing was wrong.</returns>
    public static (string? Name, PayoutCalendar? Calendar) Read(RuleFile file, List<RuleProblem> problems)
    {
        void Report(string path, string reason) => problems.Add(new(file.Name, path, reason));

        using var document = RuleSetReader.Parse(file, Report);
        return document is not null && JsonMembers.Open(new(document.RootElement, "$", Report), Keys) is { } root ? new CalendarReader().Read(root) : (null, null);
    }

    (string?, PayoutCalendar?) Read(JsonMembers root)
    {
        var name = root.Required("name") is { } place ? Name(place) : null;
        Given(root, "source");
        Given(root, "licence");
        HashSet<IsoDayOfWeek> weekend = [.. (root.Required("weekend")?.Items() ?? []).Select(day => day.Word<IsoDayOfWeek>(DaysOfWeek) ?? default)];
        if (root.Required("years") is { } all)
        {
            Years(all);
        }

        foreach (var (date, at) in workdays)
        {
            if (holidays.ContainsKey(date))
            {
                at.Refuse("is a holiday of this calendar too");
            }
            else if (!weekend.Contains(date.DayOfWeek))
            {
                at.Refuse($"is a {date.DayOfWeek}, on which payouts go anyway");
            }
        }

        return (name, years.Count == 0 || name is null ? null : new(name, weekend, holidays, workdays.Keys, years.Min, years.Max));
    }

    static string? Name(JsonPlace place)
    {
        if (place.Text() is not { } name)
        {
            return null;
        }

        if (name.Length == 0 || name == AgreedPayout.MerchantCountry || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            place.Refuse($"must be of letters, digits, '-' and '_', and not {AgreedPayout.MerchantCountry}, but is '{name}'");
        }

        return name;
    }

    /// <summary>Whoever reads the file must see where it comes from, and by what right it is here.</summary>
    static void Given(JsonMembers root, string key)
    {
        if (root.Required(key) is { } place && place.Text() is { Length: 0 })
        {
            place.Refuse("must not be empty");
        }
    }

    void Years(JsonPlace place)
    {
        foreach (var (key, year) in JsonMembers.Open(place)?.All ?? [])
        {
            if (key.Length != 4 || !int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1900)
            {
                year.Refuse("must be a year from 1900 to 9999");
                continue;
            }

            years.Add(number);
            if (JsonMembers.Open(year, YearKeys) is { } members)
            {
                Year(number, members);
            }
        }

        if (years.Count == 0)
        {
            place.Refuse("must have a year");
        }
        else if (years.Max - years.Min + 1 != years.Count)
        {
            place.Refuse($"must have every year from {years.Min} to {years.Max}, but {Enumerable.Range(years.Min, years.Count).First(year => !years.Contains(year))} is missing");
        }
    }

    void Year(int year, JsonMembers members)
    {
        foreach (var (date, place) in members.Required("holidays") is { } days ? Dates(year, days) : [])
        {
            if (place.Text() is { } name)
            {
                holidays[date] = name;
            }
        }

        foreach (var (date, place) in members.Optional("workdays") is { } days ? Dates(year, days) : [])
        {
            workdays[date] = place;
            place.Text();
        }
    }

    static IEnumerable<(LocalDate, JsonPlace)> Dates(int year, JsonPlace place)
    {
        foreach (var (text, at) in JsonMembers.Open(place)?.All ?? [])
        {
            var date = LocalDatePattern.Iso.Parse(text);
            if (!date.Success || date.Value.Year != year)
            {
                at.Refuse($"must be a date of {year} (yyyy-MM-dd)");
            }
            else
            {
                yield return (date.Value, at);
            }
        }
    }
}
