using System.Text.Json;
using Xunit;

namespace StreamSettle.Streams.Tests.Vectors;

/// <summary>The lines of <c>streams-vectors/vectors.jsonl</c>; from the parent folder that STREAMSETTLE_VECTORS names, when it does.</summary>
static class VectorFile
{
    public const string Name = "streams-vectors/vectors.jsonl";

    /// <summary>Runs every line of a kind, prints how many agreed, and fails with the first few that did not.</summary>
    public static void CheckAll(string kind, Func<JsonElement, string?> check)
    {
        var lines = Lines(kind);
        var problems = new List<string>();
        var ran = 0;
        foreach (var (number, line) in lines)
        {
            ran++;
            if (check(line) is { } problem)
            {
                problems.Add($"line {number}: {problem}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Name} {kind}: {ran - problems.Count} of {lines.Count} agree");
        Console.WriteLine($"{Name} {kind}: {ran - problems.Count} of {lines.Count} agree");
        Assert.True(ran > 0, $"{Name} has no line of kind '{kind}'");
        Assert.Equal(lines.Count, ran);
        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(5)));
    }

    static List<(int Number, JsonElement Line)> Lines(string kind)
    {
        var parent = Environment.GetEnvironmentVariable("STREAMSETTLE_VECTORS") is { Length: > 0 } other ? other : Path.Combine(AppContext.BaseDirectory, "vectors");
        var path = Path.Combine(parent, Name);
        Assert.SkipUnless(File.Exists(path), $"there is no {path}");
        return [.. File.ReadLines(path).Select((text, index) => (index + 1, JsonSerializer.Deserialize<JsonElement>(text)))
            .Where(line => line.Item2.GetProperty("kind").GetString() == kind)];
    }
}
