using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Quoted;

/// <summary>What the README says to type, and what it says that is printed then.</summary>
public class ReadmeTests
{
    const string Program = "./streamsettle ";

    [Fact]
    public async Task The_demo_prints_what_the_readme_shows_and_every_invariant_holds()
    {
        TestPostgres.Require();
        var shown = ConsoleBlock.Read(Path.Combine(Repository.Root, "README.md"), Program + "demo");
        await using var demo = ServiceProcess.Start(Path.GetTempPath(), new Dictionary<string, string>(), shown.Command[Program.Length..].Split(' '));

        var code = await demo.ExitAsync(TimeSpan.FromSeconds(240));

        Assert.True(code == 0, demo.Tail);
        Assert.Contains("every invariant holds", shown.Output);
        shown.Matches([.. demo.Output.TrimEnd('\n').Split('\n')]);
    }
}
