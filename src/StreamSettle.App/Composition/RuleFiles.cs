using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.App.Composition;

/// <summary>Loads the rule sets, or says everything that is wrong with them.</summary>
static class RuleFiles
{
    /// <param name="name">Where the directory was named.</param>
    /// <exception cref="UserMistakeException">Each problem with file, JSON path and reason.</exception>
    public static RuleBook Load(string directory, string name = "Rules:Directory") => RuleBookLoader.Load(directory) switch
    {
        RuleLoad.Loaded(var book) => book,
        RuleLoad.Invalid(var problems) => throw new UserMistakeException(
            $"{name} '{directory}' has rule sets that cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}"),
        var other => throw new BrokenInvariantException($"unknown outcome {other} of loading rules"),
    };

    /// <summary>What was loaded, in words, with what its calendars do not say.</summary>
    /// <exception cref="UserMistakeException">As <see cref="Load"/>.</exception>
    public static string Told(string directory, UtcInstant now)
    {
        var book = Load(directory);
        return string.Join("; ", CalendarCoverage.Gaps(book, now).Select(gap => gap.Text).Prepend($"{book.Sets.Length} rule sets in {directory}"));
    }
}
