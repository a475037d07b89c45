using System.Text.RegularExpressions;
using Xunit;

namespace StreamSettle.Architecture.Tests;

/// <summary>docs/non-obvious.md names the test that guards each entry.</summary>
public partial class NonObviousTests
{
    static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "non-obvious.md"));

    [Fact]
    public void Every_entry_names_a_test_that_there_is()
    {
        var tests = Repository.Sources("tests").SelectMany(file => Test().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet();
        var named = Lines.Select(line => Guard().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToArray();

        Assert.Equal(Lines.Count(line => line.StartsWith("- **", StringComparison.Ordinal)), named.Length);
        Assert.Empty(named.Except(tests));
    }

    [GeneratedRegex(@"public (?:async )?(?:void|Task) ([A-Za-z0-9_]+)\(")]
    private static partial Regex Test();

    [GeneratedRegex(@"^  `([A-Za-z0-9_]+)`$")]
    private static partial Regex Guard();
}
