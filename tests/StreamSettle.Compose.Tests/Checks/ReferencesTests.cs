using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamSettle.Compose.Tests.Files;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Compose.Tests.Checks;

/// <summary>What the file refers to is there.</summary>
public partial class ReferencesTests
{
    static readonly ComposeFile Compose = ComposeFile.Read();

    public static TheoryData<string> Services => [.. Compose.Services.Select(service => service.Key)];

    [Fact]
    public void The_architecture_is_complete() => Assert.Equal(
        ["connect", "connectors", "downstreams", "kafka", "postgres", "prometheus", "registry", "shop", "streamsettle", "streamsettle-2"], Services.Select(row => row.Data).Order());

    [Fact]
    public void Every_variable_has_a_line_in_the_example_and_the_same_default()
    {
        var used = Interpolation.VariablesOf(ComposeFile.Text).Distinct().ToArray();

        Assert.Equal(EnvExample.Variables.Keys.Order(), used.Select(variable => variable.Name).Order());
        Assert.Equal(EnvExample.Variables.Where(pair => pair.Value.Length > 0).Select(pair => pair.Key).Order(), used.Where(variable => variable.HasDefault).Select(variable => variable.Name).Order());
        var withoutExample = ComposeFile.Read(EnvExample.Variables.Where(pair => pair.Value.Length == 0).ToDictionary(pair => pair.Key, _ => "x"));
        var withExample = ComposeFile.Read(EnvExample.Variables.ToDictionary(pair => pair.Key, pair => pair.Value.Length > 0 ? pair.Value : "x"));
        Assert.Equal(withExample.Root.ToJsonString(), withoutExample.Root.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_waits_for_services_that_there_are_and_that_can_say_so(string name)
    {
        foreach (var (needed, how) in Compose.Service(name)["depends_on"]?.AsObject() ?? [])
        {
            var service = Compose.Service(needed);
            var condition = how!["condition"]!.GetValue<string>();
            Assert.True(condition == "service_healthy" ? service.ContainsKey("healthcheck") : condition == "service_completed_successfully" && service["restart"]!.GetValue<string>() != "unless-stopped", $"{name}: {needed} {condition}");

            // One that is started with a profile alone may not be there.
            Assert.True(service["profiles"] is null || how["required"]?.GetValue<bool>() == false, $"{name} waits for {needed}, which a profile starts");
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void What_is_mounted_is_there(string name)
    {
        foreach (var volume in Compose.List(name, "volumes").Select(volume => volume.Split(':')))
        {
            var isThere = volume[0].StartsWith("./", StringComparison.Ordinal) ? Path.Exists(Path.Combine(Repository.Root, volume[0])) : Compose.Root["volumes"]!.AsObject().ContainsKey(volume[0]);
            Assert.True(isThere, $"{name}: {volume[0]}");
            Assert.True(volume[1].StartsWith('/') && (!volume[0].StartsWith('.') || volume.ElementAtOrDefault(2) == "ro"), $"{name}: {string.Join(':', volume)}");
        }

        var secrets = Compose.List(name, "secrets");
        Assert.Empty(secrets.Except(Compose.Root["secrets"]!.AsObject().Select(secret => secret.Key)));

        // By what it is told, and by nobody else.
        var named = Secret().Matches(Compose.Service(name).ToJsonString()).Select(match => match.Groups[1].Value).Distinct();
        Assert.Empty(named.Except(secrets));
    }

    [Fact]
    public void Volumes_and_secrets_are_used()
    {
        var mounted = Compose.Services.SelectMany(service => Compose.List(service.Key, "volumes")).Select(volume => volume.Split(':')[0]).ToHashSet();
        var read = Compose.Services.SelectMany(service => Compose.List(service.Key, "secrets")).ToHashSet();

        Assert.All(Compose.Root["volumes"]!.AsObject(), volume => Assert.Contains(volume.Key, mounted));
        Assert.All(Compose.Root["secrets"]!.AsObject(), secret => Assert.Contains(secret.Key, read));
    }

    [Fact]
    public void Hosts_that_services_are_told_of_are_services()
    {
        var hosts = Compose.Services.SelectMany(service => Compose.Environment(service.Key)).SelectMany(pair => Host().Matches(pair.Value)).Select(match => match.Groups["host"].Value).Distinct()
            .Where(host => !host.EndsWith(".example", StringComparison.Ordinal)).ToArray();

        Assert.Equal(["0.0.0.0", "connect", "kafka", "localhost", "postgres", "registry", "streamsettle", "streamsettle-2"], hosts.Order());
    }

    [Fact]
    public void Ports_are_open_to_this_machine_alone_and_no_two_are_one()
    {
        var ports = Compose.Services.SelectMany(service => Compose.List(service.Key, "ports")).ToArray();

        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Equal(ports.Length, ports.Select(port => port.Split(':')[1]).Distinct().Count());
    }

    [Fact]
    public void Prometheus_asks_the_instances_by_their_names_and_port()
    {
        var scrape = YamlJson.Read(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "prometheus", "prometheus.yml")))["scrape_configs"]!.AsArray().Single()!;
        var names = scrape["dns_sd_configs"]![0]!["names"]!.AsArray().Select(name => name!.GetValue<string>());

        Assert.Equal(Compose.Services.Where(service => service.Value["command"] is JsonArray { Count: 1 } command && command[0]!.GetValue<string>() == "run").Select(service => service.Key), names);
        Assert.EndsWith($":{scrape["dns_sd_configs"]![0]!["port"]}", Compose.Environment("streamsettle")["Urls"], StringComparison.Ordinal);
        Assert.Equal("/run/secrets/prometheus_key", scrape["authorization"]!["credentials_file"]!.GetValue<string>());
        Assert.Contains("prometheus_key", Compose.List("prometheus", "secrets"));
    }

    [GeneratedRegex("/run/secrets/([a-z_]+)")]
    private static partial Regex Secret();

    [GeneratedRegex(@"(?:://|Host=|@|^)(?<host>[a-z0-9.-]+)(?::\d+|;)")]
    private static partial Regex Host();
}
