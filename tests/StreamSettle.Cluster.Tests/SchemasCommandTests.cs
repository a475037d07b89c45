using System.Net.Http.Json;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Integration.Tests.Quoted;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary><c>schemas check --registry</c> and <c>schemas register</c> with a real registry.</summary>
[Collection(ConnectTests.Name)]
public sealed class SchemasCommandTests(ConnectWorker connect) : IDisposable
{
    const int FewestCommands = 20;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("streamsettle-schemas-");

    [Fact]
    public async Task The_page_on_schemas_is_walked_with_its_registry()
    {
        await using var registry = await RegistryServer.StartAsync(connect.Broker);
        var walk = await DocumentWalk.FromFirstReleaseAsync(folder.FullName, new Dictionary<string, string> { ["SchemaRegistry:Url"] = registry.Url });

        Assert.InRange(await walk.RunAsync(Path.Combine(Repository.Root, "docs", "evolving-schemas.md")), FewestCommands, int.MaxValue);
    }

    [Fact]
    public async Task What_the_registry_wants_of_a_topics_subject_counts_and_one_that_went_away_is_told()
    {
        await using var registry = await RegistryServer.StartAsync(connect.Broker);
        await using var link = CuttableLink.To(registry.Port);
        await DocumentWalk.FromFirstReleaseAsync(folder.FullName);
        var settings = new Dictionary<string, string>
        {
            ["SchemaRegistry:Url"] = RegistryServer.UrlAt(link.Port), ["SchemaRegistry:SubjectNameStrategy"] = "TopicName", ["Kafka:ApplicationId"] = "settle",
        };

        var (code, output) = await RunAsync(settings, "register");
        Assert.Equal(0, code);
        Assert.Contains("schemas/delivery-command.avsc: settle-split-commands-repartition-value: version 1, id ", output, StringComparison.Ordinal);
        Assert.Contains("-   schemas/order-change.avsc: lies on no topic of ours", output, StringComparison.Ordinal);

        // What the schema lets pass, since its default is there for older readers, the registry does not let pass.
        const string subject = "settle-delivery-results-repartition-value";
        await WantAsync(registry, subject, "FULL");
        await EditAsync("\"FULL_TRANSITIVE\"", "\"NONE\"", "delivery-result.avsc");
        File.Delete(Path.Combine(folder.FullName, "schemas", "released", "SHA256SUMS"));
        Directory.Delete(Path.Combine(folder.FullName, "schemas", "released"), recursive: true);
        await EditAsync("""{"name": "note",""", """{"name": "region", "type": "string"}, {"name": "note",""", "delivery-result.avsc");
        (code, output) = await RunAsync(settings, "check", "--registry");
        Assert.Equal(2, code);
        Assert.Contains($"delivery-result.avsc: region: READER_FIELD_MISSING_DEFAULT_VALUE (the registry's FULL, reading what version 1 of {subject} wrote)", output, StringComparison.Ordinal);
        (code, output) = await RunAsync(settings, "register");
        Assert.Equal(2, code);
        Assert.Contains("nothing was registered", output, StringComparison.Ordinal);

        link.Set(LinkTraffic.Refused);
        (code, output) = await RunAsync(settings, "check", "--registry");
        Assert.Equal(3, code);
        Assert.Contains("cannot be reached", output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    static async Task WantAsync(RegistryServer registry, string subject, string level)
    {
        using var http = new HttpClient();
        using var answer = await http.PutAsJsonAsync($"{registry.Url}/config/{subject}", new Dictionary<string, string> { ["compatibility"] = level });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    async Task EditAsync(string from, string to, string file)
    {
        var path = Path.Combine(folder.FullName, "schemas", file);
        var parts = (await File.ReadAllTextAsync(path)).Split(from);
        Assert.Equal(2, parts.Length);
        await File.WriteAllTextAsync(path, string.Join(to, parts));
    }

    async Task<(int Code, string Said)> RunAsync(Dictionary<string, string> settings, params IReadOnlyList<string> arguments)
    {
        await using var command = ServiceProcess.Start(folder.FullName, settings, ["schemas", .. arguments]);
        var code = await command.ExitAsync();
        return (code, $"{command.Output}\n{command.Errors}");
    }
}
