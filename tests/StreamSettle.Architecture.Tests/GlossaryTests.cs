using System.Text.RegularExpressions;
using Xunit;

namespace StreamSettle.Architecture.Tests;

/// <summary>The same word everywhere: docs/glossary.md explains those of topics, stores and metrics.</summary>
public partial class GlossaryTests
{
    /// <summary>Words of names that need no explanation.</summary>
    static readonly string[] Plain = ["by", "duration"];

    static readonly HashSet<string> Explained =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "glossary.md")).Where(line => line.StartsWith('|'))
            .SelectMany(line => WordsOf(line.Split('|')[1])),
    ];

    [Fact]
    public void Every_word_of_a_topic_a_store_or_a_metric_is_explained()
    {
        var names = Names(Name(), "topology/StreamSettle.Topology/Names").Concat(Names(Metric(), "src")).ToArray();

        Assert.Contains("open-orders", names);
        Assert.Contains("delivery.calls", names);
        Assert.DoesNotContain(names, name => WordsOf(name).Except(Plain).Any(word => !Explained.Contains(word)));
    }

    [Theory]
    [InlineData("clock-tallies", "clock tally")]
    [InlineData("Due window, `DueAt`", "due window dueat")]
    public void Words_are_compared_in_the_singular(string text, string words) => Assert.Equal(words, string.Join(' ', WordsOf(text)));

    static IEnumerable<string> Names(Regex name, string folder) =>
        Repository.Sources(folder).SelectMany(file => name.Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));

    static IEnumerable<string> WordsOf(string text) => Word().Matches(text).Select(match => match.Value.ToLowerInvariant()).Select(
        word => word.EndsWith("ies", StringComparison.Ordinal) ? word[..^3] + "y" : word.TrimEnd('s'));

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();

    [GeneratedRegex("const string [A-Za-z]+ = \"([a-z-]+)\"")]
    private static partial Regex Name();

    [GeneratedRegex("\"streamsettle\\.([a-z.]+)\"")]
    private static partial Regex Metric();
}
