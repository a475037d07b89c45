using System.Diagnostics;
using System.Text.RegularExpressions;
using StreamSettle.Audit.Marten.Projections;
using StreamSettle.Audit.Tests.Marten;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Projections;

/// <summary>
/// The program of <c>docs/auditors.md</c>, as it stands there: made in an empty folder outside of the repository from the library's packages, and run by a role that may only read.
/// </summary>
public sealed partial class AuditorProgramTests(PostgresFixture postgres)
{
    static readonly string[] Projects = ["Kernel", "Audit", "Audit.Marten"];
    static readonly string Root = RootOf(AppContext.BaseDirectory);
    static readonly string Configuration = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_reads_events_and_views_with_the_librarys_packages_and_may_create_nothing()
    {
        var roles = await FilledAsync();
        var folder = Directory.CreateTempSubdirectory("streamsettle-auditor-");
        try
        {
            var page = await File.ReadAllTextAsync(Path.Combine(Root, "docs", "auditors.md"), Stop);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Auditor.csproj"), Block(page, "`Auditor.csproj`:"), Stop);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Program.cs"), Block(page, "`Program.cs`:"), Stop);
            await PackAsync(Path.Combine(folder.FullName, "packages"));
            await BuildAsync(folder.FullName);

            var (code, printed) = await RunAsync(folder.FullName, ("EVENT_LOG", roles.Auditor.ConnectionString), "exec", "bin/Debug/net10.0/Auditor.dll");

            Assert.True(code == 0, printed);
            Assert.Equal(Block(page, "It prints").Trim(), printed.Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    async Task<AuditRoles> FilledAsync()
    {
        var roles = await AuditRoles.NewAsync(postgres);
        await using var log = new Audit.Marten.MartenEventLog(roles.Writer);
        await log.RegisterLogAsync(new(Log), Stop);
        await log.AppendAsync(Batch(0, (1, Scheduled()), (1, Calculated() with { Net = 120_50 }), (2, Calculated() with { Net = 1_20 }), (3, Calculated("JPY") with { Net = 5_000 })), Stop);
        foreach (var name in ProjectionName.All)
        {
            await using var projector = new Projector(new() { Audit = roles.Projector, Interval = ProjectionOptions.MinInterval }, name, TimeProvider.System);
            using var ending = new CancellationTokenSource();
            var run = Task.Run(() => projector.RunAsync(ending.Token), Stop);
            Assert.True(SpinWait.SpinUntil(() => projector.Status is { Place.Position: 4 }, TimeSpan.FromSeconds(30)), $"{projector.Status}");
            await ending.CancelAsync();
            await run;
        }

        return roles;
    }

    /// <summary>What is built already is put into packages: as <c>dotnet pack</c> does after its build.</summary>
    static async Task PackAsync(string into)
    {
        foreach (var project in Projects)
        {
            var (code, printed) = await RunAsync(Root, null, "pack", $"src/StreamSettle.{project}", "-c", Configuration, "--no-build", "-o", into, "-v", "quiet", "-nologo");
            Assert.True(code == 0, printed);
        }
    }

    /// <summary>First with what the machine has of other packages, so that no feed need be reached; then with the feeds that are configured.</summary>
    static async Task BuildAsync(string folder)
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        // Packages of ours go into the folder itself: in the machine's they would stay under their version, whatever is in later ones.
        string[] build = ["build", "-v", "quiet", "-nologo", $"-p:RestorePackagesPath={Path.Combine(folder, "restored")}", $"-p:RestoreFallbackFolders={cache}"];
        var (code, printed) = await RunAsync(folder, null, [.. build, "-p:RestoreSources=packages"]);
        if (code != 0 && printed.Contains("NU1101", StringComparison.Ordinal))
        {
            (code, printed) = await RunAsync(folder, null, build);
            if (code != 0 && printed.Contains("NU1301", StringComparison.Ordinal))
            {
                Assert.Skip($"packages that the auditor's program needs are neither on this machine nor to be had from a feed: {printed}");
            }
        }

        Assert.True(code == 0, printed);
    }

    static async Task<(int Code, string Printed)> RunAsync(string folder, (string Name, string Value)? setting, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // What the tests' own build says to its children is not for a program outside.
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        if (setting is { } one)
        {
            start.Environment[one.Name] = one.Value;
        }

        using var process = Process.Start(start)!;
        var printed = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, printed[0] + printed[1]);
    }

    /// <summary>What is fenced first behind some words of the page.</summary>
    static string Block(string page, string behind) => Fence().Match(page, page.IndexOf(behind, StringComparison.Ordinal)).Groups[1].Value;

    static string RootOf(string folder) => File.Exists(Path.Combine(folder, "StreamSettle.sln")) ? folder : RootOf(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))!);

    [GeneratedRegex(@"^```\w+\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
