using System.Text;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.Settlement.Tests;

static class RuleBooks
{
    /// <summary>One set, in force since 2026, with the given lists.</summary>
    public static RuleBook With(string lists) => Of(Set(lists));

    public static RuleBook Of(params string[] sets) => Load(sets) switch
    {
        RuleLoad.Loaded loaded => loaded.Book,
        RuleLoad.Invalid invalid => throw new FormatException(string.Join('\n', invalid.Problems)),
        _ => throw new InvalidOperationException(),
    };

    public static string Set(string lists, string version = "1", string from = "2026-01-01T00:00:00Z") =>
        $$"""{"version": "{{version}}", "effectiveFrom": "{{from}}"{{(lists.Length == 0 ? "" : ", " + lists)}}}""";

    /// <summary>Files <c>a.json</c>, <c>b.json</c>, ...</summary>
    public static RuleLoad Load(params string[] files) =>
        RuleBookLoader.Parse(files.Select((text, i) => new RuleFile($"{(char)('a' + i)}.json", Encoding.UTF8.GetBytes(text))));

    /// <summary>The problems as text.</summary>
    public static string[] Problems(params string[] files) =>
        [.. Assert.IsType<RuleLoad.Invalid>(Load(files)).Problems.Select(problem => $"{problem.File} {problem.Path}")];
}
