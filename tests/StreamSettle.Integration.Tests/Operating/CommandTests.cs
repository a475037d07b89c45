using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

public class CommandTests(TestPostgres postgres)
{
    [Fact]
    public async Task Check_reaches_everything_and_changes_nothing()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        var fine = await world.CommandAsync("check");
        Assert.True(fine.Code == 0, fine.Output + fine.Errors);
        Assert.Equal(18, fine.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(world.StateDirectory));
        Assert.Equal(0, await world.SlotsAsync());
        Assert.Equal(0, await world.QueryAsync<long>("select count(*) from information_schema.schemata where schema_name = 'settlement'"));

        using var deaf = new DeafPort();
        var nobody = $"http://127.0.0.1:{deaf.Number}/";
        world.Settings["Downstreams:Split:BaseUrl"] = nobody.Replace("//", "//ann:secret@", StringComparison.Ordinal);
        var away = await world.CommandAsync("check");
        Assert.Equal(3, away.Code);
        Assert.DoesNotContain("secret", away.Output + away.Errors, StringComparison.Ordinal);
        Assert.Contains(away.Output.Split('\n'), line => line.StartsWith("fail", StringComparison.Ordinal) && line.Contains("split", StringComparison.Ordinal) && line.Contains(nobody, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_topology_is_the_one_that_is_kept_with_the_sources()
    {
        var drawn = await RunAsync("topology", "--mermaid");
        Assert.Equal(0, drawn.Code);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "topology", "settlement.mmd")), drawn.Output + "\n");

        var told = await RunAsync("topology");
        Assert.StartsWith("Topologies:", told.Output, StringComparison.Ordinal);

        var hosted = await RunAsync("topology", "--host", "streamiz");
        Assert.Equal((0, true), (hosted.Code, hosted.Output.Contains("Processor: task-10 (stores: [tax-calls])", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rules_are_checked_and_cases_are_settled_by_them()
    {
        var vectors = Path.Combine(Repository.Root, "tests", "StreamSettle.Settlement.Tests", "vectors", "settlement-vectors");
        var fine = await RunAsync("rules", "check", Path.Combine(AppContext.BaseDirectory, "rules"));
        Assert.True(fine.Code == 0 && fine.Output.StartsWith("ok", StringComparison.Ordinal), fine.Output + fine.Errors);

        var folder = Directory.CreateTempSubdirectory("streamsettle-rules-");
        try
        {
            File.Copy(Path.Combine(vectors, "invalid-rules", "rate-negative.json"), Path.Combine(folder.FullName, "rate-negative.json"));
            var bad = await RunAsync("rules", "check", folder.FullName);
            Assert.True(bad.Code == 2 && bad.Errors.Contains("rate-negative.json", StringComparison.Ordinal), bad.Output + bad.Errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        var cases = Path.Combine(vectors, "vectors.jsonl");
        var settled = await RunAsync("rules", "evaluate", cases);
        Assert.Equal(0, settled.Code);
        Assert.Equal(File.ReadLines(cases).Count(), settled.Output.Split('\n').Length);
    }

    [Fact]
    public async Task What_is_no_command_is_refused_with_what_there_is()
    {
        var wrong = await RunAsync("settle");
        Assert.True(wrong.Code == 1 && wrong.Errors.Contains("--help", StringComparison.Ordinal), wrong.Errors);

        var stray = await RunAsync("run", "now");
        Assert.True(stray.Code == 1 && stray.Errors.Contains("--Key=Value", StringComparison.Ordinal), stray.Errors);
    }

    [Fact]
    public async Task A_key_goes_to_the_service_of_this_machine_and_to_no_proxy_of_the_environment()
    {
        await using var service = new StrangeServer(StrangeServer.Http(200, "application/json", """{"items":[],"next":null}"""));
        await using var proxy = new StrangeServer(StrangeServer.Http(502, "text/plain", "proxy"));

        var listed = await RunAsync(new Dictionary<string, string> { ["http_proxy"] = $"http://{proxy.Authority}" }, "dead-letters", "list", "--url", $"http://{service.Authority}", "--key", "k");

        Assert.True(listed.Code == 0 && listed.Output.Contains("nothing waits", StringComparison.Ordinal), listed.Output + listed.Errors);
    }

    static Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    static async Task<(int Code, string Output, string Errors)> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        await using var command = ServiceProcess.Start(Path.GetTempPath(), environment, arguments);
        var code = await command.ExitAsync();
        return (code, command.Output, command.Errors);
    }
}
