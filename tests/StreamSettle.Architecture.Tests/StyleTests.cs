using System.Text.RegularExpressions;
using Xunit;

namespace StreamSettle.Architecture.Tests;

public partial class StyleTests
{
    const int MostLines = 400;
    const int MostLinesOfAFunction = 70;
    const int MostParameters = 6;

    public static TheoryData<string> AllProjects => [.. Repository.Projects.Keys.Order()];

    [Fact]
    public void No_file_is_longer_than_one_thought() =>
        Assert.All(Repository.Sources("src", "topology", "connectors", "schemas", "tests"), file => Assert.InRange(File.ReadLines(file).Count(), 0, MostLines));

    [Fact]
    public void No_function_is_longer_than_a_page()
    {
        var tooLong = Repository.Sources("src", "topology", "connectors", "schemas", "tests")
            .SelectMany(file => FunctionLengths.Of(File.ReadAllLines(file)).Where(function => function.Length > MostLinesOfAFunction).Select(function => $"{file}:{function.Line}"));

        Assert.Empty(tooLong);
    }

    [Theory]
    [InlineData(MostLinesOfAFunction, false)]
    [InlineData(MostLinesOfAFunction + 1, true)]
    public void A_function_is_measured_between_its_braces_and_a_type_is_none(int length, bool isTooLong)
    {
        string[] file = ["sealed class Long(", "    int a)", "{", "    void Go(", "        int b)", "    {", .. Enumerable.Repeat("        Step();", length), "    }", "}"];

        var function = Assert.Single(FunctionLengths.Of(file));
        Assert.Equal((6, isTooLong), (function.Line, function.Length > MostLinesOfAFunction));
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void No_function_takes_more_parameters_than_one_can_keep_in_mind(string project) =>
        Assert.DoesNotContain(ParameterCounts.Of(Repository.AssemblyOf(project)), function => function.Parameters > MostParameters);

    [Fact]
    public void Parameters_of_functions_are_counted_and_members_of_records_are_not()
    {
        var counted = ParameterCounts.Of(typeof(StyleTests).Assembly.Location).Where(function => function.Parameters > MostParameters).Select(function => function.Function.TrimStart('.'));

        Assert.Equal(["Long..ctor", "Long.Go"], counted.Order());
        Assert.Equal(7, new Long(1, 2, 3, 4, 5, 6, 7).Go(1, 2, 3, 4, 5, 6, 7) + new Wide(1, 2, 3, 4, 5, 6, 7).A + new Small(1, 2, 3, 4, 5, 6, 0).G - 1);
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var elsewhere =
            from file in Repository.Sources("src", "topology", "connectors", "schemas", "tests")
            let folders = Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(file)!).Split('/').SkipWhile(folder => !folder.StartsWith("StreamSettle.", StringComparison.Ordinal))
            let space = Namespace().Match(File.ReadAllText(file))
            // What tests share by linking it in lies beside their projects.
            where folders.Any() && space.Success && space.Groups[1].Value != string.Join('.', folders)
            select $"{file}: {space.Groups[1].Value}";

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void No_folder_or_type_has_a_name_that_says_nothing() => Assert.All(
        Repository.Sources("src", "topology", "connectors", "schemas"), file => Assert.DoesNotMatch(Empty(), Path.GetRelativePath(Repository.Root, file)));

    [Fact]
    public void Log_event_ids_are_unique()
    {
        var ids = Repository.Sources("src", "topology", "connectors", "schemas")
            .SelectMany(file => EventId().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));

        Assert.Empty(ids.GroupBy(id => id).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void Every_log_event_has_a_row_in_the_operators_table()
    {
        var told = File.ReadLines(Path.Combine(Repository.Root, "docs", "operations.md")).Where(line => EventRow().IsMatch(line))
            .SelectMany(line => Number().Matches(line.Split('|')[1]).Select(match => match.Value)).ToHashSet();
        var used = Repository.Sources("src", "topology", "connectors", "schemas").SelectMany(file => EventId().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet();

        Assert.Empty(used.Except(told));
        Assert.Empty(told.Except(used));
    }

    [Fact]
    public void Every_project_says_what_belongs_in_it() =>
        Assert.All(Repository.Projects.Values, file => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "README.md")), file));

    sealed class Long(int a, int b, int c, int d, int e, int f, int g)
    {
        public int Go(int h, int i, int j, int k, int l, int m, int n) => a + b + c + d + e + f + g + h + i + j + k + l + m + n - 49;
    }

    sealed record Wide(int A, int B, int C, int D, int E, int F, int G);

    readonly record struct Small(int A, int B, int C, int D, int E, int F, int G);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(Utils?|Helpers?|Managers?|Models?|Common)(/|\.cs$)")]
    private static partial Regex Empty();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex EventId();

    [GeneratedRegex(@"^\| \d{4}(, \d{4})* \|")]
    private static partial Regex EventRow();

    [GeneratedRegex(@"\d{4}")]
    private static partial Regex Number();
}
