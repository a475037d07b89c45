using StreamSettle.Integration.Tests.Around;

namespace StreamSettle.Compose.Tests.Files;

/// <summary>.env.example: every variable of docker-compose.yml, with its default, or empty where the user must say.</summary>
static class EnvExample
{
    public const string Name = ".env.example";

    public static IReadOnlyDictionary<string, string> Variables { get; } = Read(Path.Combine(Repository.Root, Name));

    public static IReadOnlyDictionary<string, string> Read(string path) => File.ReadLines(path)
        .Where(line => line.Length > 0 && !line.StartsWith('#')).Select(line => line.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
}
