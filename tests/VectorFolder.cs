namespace StreamSettle.Tests;

/// <summary>Where cases are that others have worked out: beside the tests, or under the folder that <c>STREAMSETTLE_VECTORS</c> names.</summary>
/// <param name="name">The set of cases, a folder's name.</param>
sealed class VectorFolder(string name)
{
    const string Variable = "STREAMSETTLE_VECTORS";

    /// <summary>Path of a file or folder of the cases; skips the test where another parent is named and lacks it.</summary>
    public string Of(string file)
    {
        var other = Environment.GetEnvironmentVariable(Variable);
        var parent = string.IsNullOrEmpty(other) ? Path.Combine(AppContext.BaseDirectory, "vectors") : other;
        var path = Path.Combine(parent, name, file);
        var isThere = Path.Exists(path);
        if (!string.IsNullOrEmpty(other))
        {
            Assert.SkipUnless(isThere, $"{Variable} names '{other}', which has no {name}/{file}");
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
