using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Quoted;

/// <summary>What the README says to type.</summary>
public class ReadmeTests
{
    const string Demo = "./streamsettle demo";

    [Fact]
    public void The_readme_says_how_the_demo_is_started()
    {
        var readme = Path.Combine(Repository.Root, "README.md");
        Assert.Contains(File.ReadLines(readme), line => line.TrimStart('$', ' ').StartsWith(Demo, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_demo_settles_every_order_and_its_audit_is_sound()
    {
        TestPostgres.Require();
        await using var demo = ServiceProcess.Start(Path.GetTempPath(), new Dictionary<string, string>(), "demo", "--orders", "200", "--no-browser", "--exit");

        var code = await demo.ExitAsync(TimeSpan.FromSeconds(150));

        Assert.True(code == 0, demo.Tail);
        Assert.Contains("dashboard: http://127.0.0.1:", demo.Output, StringComparison.Ordinal);
        Assert.Contains("every invariant holds", demo.Output, StringComparison.Ordinal);
        Console.WriteLine($"demo: 200 orders in {demo.Elapsed.TotalSeconds:F0} s");
    }
}
