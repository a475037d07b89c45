using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Quoted;

/// <summary>docs/evolving-schemas.md, walked from its first command to its last but those that need a registry: these are walked where there is a real one.</summary>
public class EvolvingSchemasTests
{
    const int FewestCommands = 10;

    [Fact]
    public async Task What_the_page_says_is_printed_when_its_steps_are_taken()
    {
        var folder = Directory.CreateTempSubdirectory("streamsettle-walk-");
        try
        {
            var walk = await DocumentWalk.FromFirstReleaseAsync(folder.FullName);

            Assert.InRange(await walk.RunAsync(Path.Combine(Repository.Root, "docs", "evolving-schemas.md")), FewestCommands, int.MaxValue);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
