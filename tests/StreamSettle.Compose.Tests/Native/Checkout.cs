using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Compose.Tests.Native;

/// <summary>A copy of the files around docker-compose.yml, so that what deploy/prepare makes lies outside of the sources; deleted at the end.</summary>
sealed class Checkout : IDisposable
{
    public Checkout()
    {
        foreach (var file in new[] { ".env.example", "deploy/prepare", "topology/rules/default.json" })
        {
            var copy = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("streamsettle-compose-").FullName;

    public string EnvFile => Path.Combine(Root, ".env");

    public string SecretsFolder => Path.Combine(Root, "deploy", "secrets");

    /// <summary>What RULES names after <c>deploy/prepare --demo</c>.</summary>
    public string DemoRules => Path.Combine(Root, "deploy", "demo-rules");

    public string Secret(string name) => File.ReadAllText(Path.Combine(SecretsFolder, name));

    /// <summary>A test does not wait half a minute for a mark.</summary>
    public void HurryDemoRules()
    {
        var file = Path.Combine(DemoRules, "demo.json");
        var rules = File.ReadAllText(file);
        Assert.Contains("\"PT30S\"", rules, StringComparison.Ordinal);
        File.WriteAllText(file, rules.Replace("\"PT30S\"", "\"PT3S\"", StringComparison.Ordinal));
    }

    public async Task PrepareAsync(params string[] arguments)
    {
        await using var prepare = NativeProgram.Start("bash", [Path.Combine(Root, "deploy", "prepare"), .. arguments], new Dictionary<string, string>());
        Assert.True(await prepare.ExitAsync() == 0, prepare.Tail);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
