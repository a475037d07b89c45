using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>A line of the service's log in its default form: <c>2026-11-28T09:21:34.906Z fail: Category[9002] text</c>.</summary>
sealed partial record LogLine(bool IsError, int Id, string Text)
{
    /// <summary>Null for a line of something else, such as a trace's.</summary>
    public static LogLine? Read(string line) => Form().Match(line) is { Success: true } match
        ? new(match.Groups[1].Value is "fail" or "crit", int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture), line)
        : null;

    /// <summary>The first address that the service says it listens at; null while it has not said so.</summary>
    public static Uri? Address(IEnumerable<string> lines) =>
        lines.Select(line => Listening().Match(line)).FirstOrDefault(match => match.Success) is { } said ? new(said.Groups[1].Value) : null;

    [GeneratedRegex(@"listening at (https?://[^,;""\s]+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"^\S+ (\w{4}): [\w.]+\[(\d+)\] ")]
    private static partial Regex Form();
}
