using System.Diagnostics;
using System.Text.RegularExpressions;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Quoted;

/// <summary>docs/auditors.md: its commands are run one after the other on a sealed log, with an auditor's rights, and print what it shows but for numbers and times.</summary>
public partial class AuditorsPageTests(TestPostgres postgres)
{
    const int Commands = 9;
    const int Orders = 5;
    const string Prompt = "$ ";

    static readonly TimeSpan SettledWithin = TimeSpan.FromMinutes(2);
    static readonly string Page = Path.Combine(Repository.Root, "docs", "auditors.md");

    [Fact]
    public async Task What_the_page_shows_is_printed_to_who_may_only_read()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        File.Copy(SealKeys.Use(world).Open, Path.Combine(world.Folder, "seal-2026.pub.pem"));
        await SettleAsync(world);
        var auditor = $"auditor_{Guid.NewGuid():N}";
        var grants = await world.CommandAsync("audit", "grants", "--auditor", auditor, "--writer", $"writer_{Guid.NewGuid():N}");
        Assert.True(grants.Code == 0, grants.Errors);
        await world.ExecuteAsync($"{grants.Output}\n; alter role {auditor} password 'read'");
        File.CreateSymbolicLink(Path.Combine(world.Folder, "streamsettle"), Path.Combine(AppContext.BaseDirectory, "streamsettle"));
        File.Copy(Path.Combine(Repository.Root, "docs", "audit-check.py"), Path.Combine(world.Folder, "audit-check.py"));

        var blocks = Blocks();
        Assert.Equal(Commands, blocks.Count);
        foreach (var (command, shown) in blocks)
        {
            var (code, printed) = await BashAsync(world, auditor, command);
            Assert.True(code == 0, $"$ {command}\n{code}\n{printed}");
            Assert.True(shown.Length == 0 || Form(printed) == Form(shown), $"$ {command}\nprints\n{printed}\nand not\n{shown}");
        }
    }

    static async Task SettleAsync(World world)
    {
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None });
        await Settled.OrdersAsync(world, service, Orders, SettledWithin);
        await Until.TrueAsync(async () => await service.StatusAsync() is { Audit: { Events: > 0, Seals: { Number: > 0, NotSealed: 0 } } }, "all is sealed");
        service.Terminate();
        Assert.Equal(0, await service.ExitAsync());
    }

    static List<(string Command, string Shown)> Blocks()
    {
        List<(string Command, string Shown)> found = [];
        var isConsole = false;
        foreach (var line in File.ReadLines(Page))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isConsole = line == "```console";
            }
            else if (isConsole && line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                found.Add((line[Prompt.Length..], ""));
            }
            else if (isConsole)
            {
                found[^1] = found[^1] with { Shown = $"{found[^1].Shown}{line}\n" };
            }
        }

        return found;
    }

    static async Task<(int Code, string Printed)> BashAsync(World world, string auditor, string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", command.Replace("streamsettle ", "./streamsettle ", StringComparison.Ordinal)])
        {
            WorkingDirectory = world.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["Audit__ConnectionString"] = new Npgsql.NpgsqlConnectionStringBuilder(world.ConnectionString) { Username = auditor, Password = "read" }.ConnectionString;
        using var bash = Process.Start(start)!;
        var printed = await Task.WhenAll(bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        return (bash.ExitCode, printed[0].Length > 0 ? printed[0] : printed[1]);
    }

    static string Form(string text) => Numbers().Replace(Times().Replace(text, "TIME"), "0").Trim();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z")]
    private static partial Regex Times();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();
}
