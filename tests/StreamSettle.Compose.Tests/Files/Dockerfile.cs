using StreamSettle.Integration.Tests.Around;

namespace StreamSettle.Compose.Tests.Files;

/// <summary>The instructions of the Dockerfile, lines that go on joined, comments left out.</summary>
static class Dockerfile
{
    public static IReadOnlyList<(string Name, string Arguments)> Instructions { get; } =
    [
        .. File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile")).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith('#')).Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts[1])),
    ];

    /// <summary>Of one name, the last stage's or all.</summary>
    public static IEnumerable<string> All(string name) => Instructions.Where(instruction => instruction.Name == name).Select(instruction => instruction.Arguments);

    /// <summary>The stage that becomes the image.</summary>
    public static IReadOnlyList<(string Name, string Arguments)> LastStage => [.. Instructions.Skip(Instructions.ToList().FindLastIndex(instruction => instruction.Name == "FROM"))];

    /// <summary>What is copied from the checkout, as it is written.</summary>
    public static IEnumerable<string> CopiedPaths => All("COPY").Where(rest => !rest.StartsWith("--from=", StringComparison.Ordinal)).SelectMany(rest => rest.Split(' ')[..^1]);
}
