using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Quoted;

/// <summary>What the README says to type, and what it says that is printed then.</summary>
public class ReadmeTests
{
    const string Program = "./streamsettle ";

    /// <summary>What is beside the service starts too, and a killed instance is missed first: bounded, on a machine that does other things meanwhile.</summary>
    static readonly TimeSpan KafkaPatience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task The_demo_prints_what_the_readme_shows_and_every_invariant_holds()
    {
        TestPostgres.Require();
        await PrintsAsync("demo --orders", TimeSpan.FromSeconds(240), new Dictionary<string, string>());
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task The_demo_on_kafka_prints_what_the_readme_shows_and_every_invariant_holds_though_an_instance_is_killed() =>
        await PrintsAsync("demo --kafka", KafkaPatience, KafkaDownload.Require());

    static async Task PrintsAsync(string command, TimeSpan within, IReadOnlyDictionary<string, string> environment)
    {
        var shown = ConsoleBlock.Read(Path.Combine(Repository.Root, "README.md"), Program + command);
        await using var demo = ServiceProcess.Start(Path.GetTempPath(), environment, shown.Command[Program.Length..].Split(' '));

        var code = await demo.ExitAsync(within);

        Assert.True(code == 0, demo.Tail);
        Assert.Contains("every invariant holds", shown.Output);
        shown.Matches([.. demo.Output.TrimEnd('\n').Split('\n')]);
    }
}
