using System.Text;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.Settlement.Tests.Payouts;

static class Calendars
{
    /// <summary>Weekends are Saturday and Sunday.</summary>
    public static string Json(string years, string name = "DE", string weekend = """["SATURDAY", "SUNDAY"]""") =>
        $$"""{"name": "{{name}}", "source": "made up", "licence": "CC0-1.0", "weekend": {{weekend}}, "years": {{years}}}""";

    public static PayoutCalendars Of(params string[] calendars) => Load([], calendars) switch
    {
        RuleLoad.Loaded loaded => loaded.Book.Calendars,
        RuleLoad.Invalid invalid => throw new FormatException(string.Join('\n', invalid.Problems)),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>A book with one set of such payouts.</summary>
    public static RuleBook Book(string payouts, params string[] calendars) => Load([RuleBooks.Set($"\"payouts\": {payouts}")], calendars) switch
    {
        RuleLoad.Loaded loaded => loaded.Book,
        RuleLoad.Invalid invalid => throw new FormatException(string.Join('\n', invalid.Problems)),
        _ => throw new InvalidOperationException(),
    };

    public static RuleLoad Load(string[] sets, string[] calendars) => RuleBookLoader.Parse(
        Files(sets.Length == 0 ? [RuleBooks.Set("")] : sets, ""), Files(calendars, "calendars/"));

    public static string[] Problems(string[] sets, params string[] calendars) =>
        [.. Assert.IsType<RuleLoad.Invalid>(Load(sets, calendars)).Problems.Select(problem => $"{problem.File} {problem.Path}")];

    static IEnumerable<RuleFile> Files(string[] texts, string folder) =>
        texts.Select((text, i) => new RuleFile($"{folder}{(char)('a' + i)}.json", Encoding.UTF8.GetBytes(text)));
}
