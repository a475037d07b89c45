using System.Text.RegularExpressions;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Streamiz.Tests;

/// <summary>The table of <c>docs/streamiz.md</c> says what of the topology's tests is run under Streamiz' driver.</summary>
public partial class DriverTableTests
{
    static readonly string Tests = Path.Combine(Repository.Root, "tests", "StreamSettle.Topology.Tests");

    [Fact]
    public void Each_folder_of_the_topologys_tests_has_a_row_and_runs_where_the_row_says_so()
    {
        var project = File.ReadAllText(Path.Combine(Repository.Root, "tests", "StreamSettle.Streamiz.Topology.Tests", "StreamSettle.Streamiz.Topology.Tests.csproj"));
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "streamiz.md"))).ToDictionary(row => row.Groups["folder"].Value, row => row.Groups["runs"].Value);

        Assert.Equal(Directory.GetDirectories(Tests).Where(folder => Directory.GetFiles(folder, "*Tests.cs").Length > 0).Select(Path.GetFileName).Order(), rows.Keys.Order());
        Assert.All(rows, row => Assert.Equal(row.Value != "no", project.Contains($"Include=\"../StreamSettle.Topology.Tests/{row.Key}/*.cs\"", StringComparison.Ordinal)));
        Assert.All(rows, row => Assert.Equal(
            Directory.GetFiles(Path.Combine(Tests, row.Key), "*Tests.cs").Select(Path.GetFileNameWithoutExtension).Where(test => project.Contains($"/{test}.cs", StringComparison.Ordinal)).Order(),
            Excepted().Matches(row.Value).Select(test => test.Groups[1].Value).Order()));
    }

    [GeneratedRegex("^\\| `(?<folder>\\w+)` \\| (?<runs>yes|no|all but [^|]+?) \\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Excepted();
}
