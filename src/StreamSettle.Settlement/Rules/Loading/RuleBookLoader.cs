using StreamSettle.Kernel.Failures;
using StreamSettle.Settlement.Payouts;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>Reads the rule sets of a folder together, and refuses them together.</summary>
public static class RuleBookLoader
{
    const string Pattern = "*.json";

    /// <summary>The folder of the calendars, in that of the rule sets.</summary>
    public const string CalendarFolder = "calendars";

    /// <summary>Reads every <c>*.json</c> directly in <paramref name="directory"/>, and those in its folder <see cref="CalendarFolder"/>, where there is one.</summary>
    /// <exception cref="EnvironmentFailedException">A file is there but cannot be read.</exception>
    public static RuleLoad Load(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return new RuleLoad.Invalid([new(directory, "$", "there is no such folder; name the one that holds the rule sets")]);
        }

        try
        {
            var files = Read(directory, "");
            var calendars = Path.Combine(directory, CalendarFolder);
            return files.Count == 0
                ? new RuleLoad.Invalid([new(directory, "$", $"there is no rule set in it; a rule set is a file {Pattern} directly in the folder")])
                : Parse(files, Directory.Exists(calendars) ? Read(calendars, CalendarFolder + "/") : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFailedException($"the rule sets in '{directory}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads files that are in memory.</summary>
    /// <param name="files">The rule sets.</param>
    /// <param name="calendars">Those of payout days.</param>
    public static RuleLoad Parse(IEnumerable<RuleFile> files, IEnumerable<RuleFile>? calendars = null)
    {
        var problems = new List<RuleProblem>();
        var days = Calendars(calendars ?? [], problems, out var names);
        var payouts = new PayoutReader(names);
        var read = files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => RuleSetReader.Read(file, payouts, problems)).ToList();
        if (read.Count == 0)
        {
            problems.Add(new("", "$", "there is no rule set"));
        }

        RefuseSame(read, header => header.Version, "version", problems);
        RefuseSame(read, header => header.EffectiveFrom?.ToString(), "effectiveFrom", problems);
        return problems.Count == 0
            ? new RuleLoad.Loaded(new(read.Select(set => new RuleSet(set.Content)), new(days)))
            : new RuleLoad.Invalid([.. problems.OrderBy(problem => problem.File, StringComparer.Ordinal)]);
    }

    static List<RuleFile> Read(string directory, string prefix) =>
        [.. Directory.GetFiles(directory, Pattern).Select(path => new RuleFile(prefix + Path.GetFileName(path), File.ReadAllBytes(path)))];

    /// <param name="names">Those of calendars that could not be made too: a rule that names one has no mistake of its own.</param>
    static List<PayoutCalendar> Calendars(IEnumerable<RuleFile> files, List<RuleProblem> problems, out HashSet<string> names)
    {
        (names, List<PayoutCalendar> calendars) = ([], []);
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var (name, calendar) = CalendarReader.Read(file, problems);
            if (name is not null && !names.Add(name))
            {
                problems.Add(new(file.Name, "$.name", $"'{name}' is that of another calendar already"));
            }
            else if (calendar is not null)
            {
                calendars.Add(calendar);
            }
        }

        return calendars;
    }

    static void RefuseSame(IEnumerable<RuleSetRead> sets, Func<RuleSetRead, string?> value, string key, List<RuleProblem> problems)
    {
        var firstWith = new Dictionary<string, string>();
        foreach (var set in sets)
        {
            if (value(set) is { } text && !firstWith.TryAdd(text, set.File))
            {
                problems.Add(new(set.File, $"$.{key}", $"'{text}' is that of {firstWith[text]} already; each rule set has its own {key}"));
            }
        }
    }
}
