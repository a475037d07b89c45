using System.Text.Json;
using Xunit;

namespace StreamSettle.Streams.Tests.Vectors;

/// <summary>The lines of <c>streams-vectors/vectors.jsonl</c>; from the parent folder that STREAMSETTLE_VECTORS names, when it does.</summary>
static class VectorFile
{
    const string Name = "streams-vectors/vectors.jsonl";

    /// <summary>Runs the lines of these kinds, says how many agreed, and fails when one did not or when fewer were run than there are.</summary>
    public static void CheckAll(IReadOnlyDictionary<string, Func<JsonElement, string?>> checks, bool wholeFile = false)
    {
        var lines = Lines();
        var wanted = wholeFile ? lines : [.. lines.Where(line => checks.ContainsKey(KindOf(line.Line)))];
        var problems = new List<string>();
        var ran = 0;
        foreach (var (number, line) in wanted.Where(line => checks.ContainsKey(KindOf(line.Line))))
        {
            ran++;
            if (checks[KindOf(line)](line) is { } problem)
            {
                problems.Add($"line {number}: {problem}");
            }
        }

        var summary = $"{(wholeFile ? "" : string.Join(", ", checks.Keys) + " of ")}vectors.jsonl: {ran - problems.Count} of {wanted.Count} agreed";
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Console.WriteLine(summary);
        Assert.True(problems.Count == 0 && ran == wanted.Count, $"{summary}\n{string.Join('\n', problems.Take(5))}");
    }

    static string KindOf(JsonElement line) => line.GetProperty("kind").GetString()!;

    static List<(int Number, JsonElement Line)> Lines()
    {
        var parent = Environment.GetEnvironmentVariable("STREAMSETTLE_VECTORS") is { Length: > 0 } other ? other : Path.Combine(AppContext.BaseDirectory, "vectors");
        var path = Path.Combine(parent, Name);
        Assert.SkipUnless(File.Exists(path), $"there is no {path}");
        return [.. File.ReadLines(path).Select((text, index) => (index + 1, JsonSerializer.Deserialize<JsonElement>(text)))];
    }
}
