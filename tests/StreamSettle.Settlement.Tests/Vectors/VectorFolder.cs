namespace StreamSettle.Settlement.Tests.Vectors;

/// <summary>Where the worked cases are: beside the tests, or under the folder that <c>STREAMSETTLE_VECTORS</c> names.</summary>
static class VectorFolder
{
    const string Name = "settlement-vectors";
    const string Variable = "STREAMSETTLE_VECTORS";

    /// <summary>Path of a file or folder of the cases; skips the test where another parent is named and lacks it.</summary>
    public static string Of(string name)
    {
        var other = Environment.GetEnvironmentVariable(Variable);
        var parent = string.IsNullOrEmpty(other) ? Path.Combine(AppContext.BaseDirectory, "vectors") : other;
        var path = Path.Combine(parent, Name, name);
        var isThere = Path.Exists(path);
        if (!string.IsNullOrEmpty(other))
        {
            Assert.SkipUnless(isThere, $"{Variable} names '{other}', which has no {Name}/{name}");
        }

        Assert.True(isThere, $"'{path}' is not there");
        return path;
    }

    /// <summary>Says how many agreed, and fails when one did not or fewer were run than there are.</summary>
    public static void Report(string file, int cases, int run, IReadOnlyList<string> disagreed)
    {
        var summary = $"{file}: {run - disagreed.Count} of {cases} agreed";
        Console.WriteLine(summary);
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.True(disagreed.Count == 0 && run == cases && cases > 0, $"{summary}\n{string.Join('\n', disagreed.Take(20))}");
    }
}
