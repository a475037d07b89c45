using System.Text.Json.Nodes;
using StreamSettle.Compose.Tests.Files;
using StreamSettle.Compose.Tests.Native;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Compose.Tests.Checks;

/// <summary>deploy/prepare makes what docker-compose.yml wants.</summary>
public sealed class PrepareTests : IDisposable
{
    readonly Checkout checkout = new();

    [Fact]
    public async Task Secrets_and_hashes_are_made_once()
    {
        await checkout.PrepareAsync();
        var first = Secrets();
        await checkout.PrepareAsync();

        Assert.Equal(first, Secrets());
        Assert.Equal(first.Count, first.Values.Distinct().Count());
        Assert.All(first.Values, secret => Assert.Matches("^[0-9a-f]{48}$", secret));
        var variables = EnvExample.Read(checkout.EnvFile);
        Assert.Equal(HashOf(first["operator_key"]), variables["OPERATOR_KEY_HASH"]);
        Assert.Equal(HashOf(first["prometheus_key"]), variables["PROMETHEUS_KEY_HASH"]);

        // Where the systems are is for the user to say.
        Assert.Equal("", variables["SPLIT_URL"]);
        Assert.Contains("SPLIT_URL has no value", Refusal(variables) + Refusal(variables.Where(pair => pair.Key != "VERIFICATION_URL").Append(new("VERIFICATION_URL", "x")).ToDictionary()), StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(checkout.SecretsFolder) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Fact]
    public async Task The_files_that_compose_mounts_are_those_that_are_made()
    {
        await checkout.PrepareAsync();

        var mounted = ComposeFile.Read().Root["secrets"]!.AsObject().Select(secret => (secret.Key, File: secret.Value!["file"]!.GetValue<string>())).ToArray();
        Assert.All(mounted, secret => Assert.Equal($"./deploy/secrets/{secret.Key}", secret.File));
        Assert.Equal(mounted.Select(secret => secret.Key).Append("operator_key").Order(), Secrets().Keys.Order());
    }

    [Fact]
    public async Task The_demo_has_the_sandbox_for_systems_and_rules_of_seconds()
    {
        await checkout.PrepareAsync("--demo");
        var compose = ComposeFile.Read(EnvExample.Read(checkout.EnvFile));
        var command = compose.List("downstreams", "command").ToList();
        var port = int.Parse(command[command.IndexOf("--port") + 1], System.Globalization.CultureInfo.InvariantCulture);
        var systems = new[] { "Verification", "Split", "Commission", "Tax" };

        Assert.Equal(systems.Select((_, at) => $"http://downstreams:{port + 1 + at}"), systems.Select(system => compose.Environment("streamsettle")[$"Downstreams__{system}__BaseUrl"]));
        var folder = compose.List("streamsettle", "volumes").Single(volume => volume.EndsWith(":/rules:ro", StringComparison.Ordinal)).Split(':')[0];
        var rules = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(checkout.Root, folder, "demo.json"), TestContext.Current.CancellationToken))!;
        var standard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "topology", "rules", "default.json"), TestContext.Current.CancellationToken))!;
        standard["version"] = $"{standard["version"]}-demo";
        standard["delays"]![0]!["delay"] = "PT30S";
        Assert.Equal(standard.ToJsonString(), rules.ToJsonString());
    }

    [Fact]
    public void Nothing_that_is_made_goes_into_the_repository()
    {
        var ignored = File.ReadAllLines(Path.Combine(Repository.Root, ".gitignore"));

        Assert.All(["/.env", "/deploy/secrets/", "/deploy/demo-rules/"], line => Assert.Contains(line, ignored));
    }

    public void Dispose() => checkout.Dispose();

    static string Refusal(IReadOnlyDictionary<string, string> variables) => Record.Exception(() => ComposeFile.Read(variables))?.Message ?? "";

    static string HashOf(string key) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));

    Dictionary<string, string> Secrets() => Directory.EnumerateFiles(checkout.SecretsFolder).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);
}
