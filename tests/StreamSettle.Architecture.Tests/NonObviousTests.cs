using System.Text.RegularExpressions;
using Xunit;

namespace StreamSettle.Architecture.Tests;

/// <summary>docs/non-obvious.md names the test that guards each entry; other documents name tests too.</summary>
public partial class NonObviousTests
{
    static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "non-obvious.md"));

    [Fact]
    public void Every_entry_names_a_test_that_there_is()
    {
        var named = Lines.Select(line => Guard().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToArray();

        Assert.Equal(Lines.Count(line => line.StartsWith("- **", StringComparison.Ordinal)), named.Length);
        Assert.Empty(named.Except(Tests()));
    }

    [Fact]
    public void Every_test_that_any_document_names_is_there()
    {
        var named = Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).SelectMany(file => Sentence().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToArray();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Tests()));
    }

    static HashSet<string> Tests() => [.. Repository.Sources("tests").SelectMany(file => Test().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))];

    /// <summary>Names of tests are sentences; no other name in a document has so many words.</summary>
    [GeneratedRegex("`([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+){3,})`")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"public (?:async )?(?:void|Task) ([A-Za-z0-9_]+)\(")]
    private static partial Regex Test();

    [GeneratedRegex(@"^  `([A-Za-z0-9_]+)`$")]
    private static partial Regex Guard();
}
