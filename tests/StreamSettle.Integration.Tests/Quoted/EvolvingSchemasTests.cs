using System.Diagnostics;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Quoted;

/// <summary>docs/evolving-schemas.md, walked from its first command to its last.</summary>
public class EvolvingSchemasTests
{
    const int FewestCommands = 10;

    [Fact]
    public async Task What_the_page_says_is_printed_when_its_steps_are_taken()
    {
        var folder = Directory.CreateTempSubdirectory("streamsettle-walk-");
        try
        {
            // The page begins with the first release, whatever was released since.
            var first = Path.Combine(Repository.Root, "schemas", "released", "0.1.0");
            await RunAsync("bash", ["-c", $"mkdir -p schemas/released && cp -r '{first}' schemas/released/ && cp '{first}'/*.avsc schemas/ && cd schemas/released && sha256sum */*.avsc > SHA256SUMS"], folder);
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "streamsettle"), Path.Combine(AppContext.BaseDirectory, "streamsettle"));

            Assert.InRange(await new DocumentWalk(folder.FullName).RunAsync(Path.Combine(Repository.Root, "docs", "evolving-schemas.md")), FewestCommands, int.MaxValue);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task RunAsync(string program, string[] arguments, DirectoryInfo folder)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder.FullName })!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
