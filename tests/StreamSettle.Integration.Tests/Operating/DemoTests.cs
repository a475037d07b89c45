using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Spectre.Console;
using StreamSettle.App.Demo;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

public class DemoTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(300, false)]
    [InlineData(1_200, false)]
    [InlineData(0, true)]
    [InlineData(2_500, true)]
    [UnsupportedOSPlatform("windows")]
    public async Task A_stop_or_a_closed_terminal_in_the_first_moments_leaves_nothing_behind(int afterMs, bool closes)
    {
        TestPostgres.Require();
        await LeavesNothingBehindAsync("starting", TimeSpan.FromMilliseconds(afterMs), closes, new Dictionary<string, string>(), "demo", "--orders", "200", "--no-browser");
    }

    [Fact]
    public async Task What_the_demo_says_to_type_works_while_it_runs()
    {
        TestPostgres.Require();
        await using var demo = ServiceProcess.Start(Path.GetTempPath(), new Dictionary<string, string>(), "demo", "--orders", "3000", "--no-browser");
        await Until.TrueAsync(() => demo.Output.Contains("The service goes on", StringComparison.Ordinal), "all is settled", TimeSpan.FromSeconds(240), () => demo.Tail);

        var (order, list, replay) = (Typed(demo, "order"), Typed(demo, "dead-letters list"), Typed(demo, "dead-letters replay"));
        var looked = await RunAsync(order);
        Assert.True(looked.Code == 0 && looked.Output.StartsWith("Order 1: ", StringComparison.Ordinal), looked.Output + looked.Errors);
        var listed = await RunAsync([.. list, "--stage", "tax"]);
        Assert.True(listed.Code == 0, listed.Errors);
        var letters = await RunAsync([.. list, "--limit", "1"]);
        Assert.True(letters.Code == 0 && letters.Output.Contains("ID", StringComparison.Ordinal), letters.Output + letters.Errors);
        var id = Regex.Match(letters.Output, @"^  (\d+:[a-z]+:\d+) ", RegexOptions.Multiline).Groups[1].Value;
        var again = await RunAsync([.. replay.Select(word => word == "ID" ? id : word)]);
        Assert.True(again.Code == 0 && again.Output.Contains($"replay of {id} by demo", StringComparison.Ordinal), again.Output + again.Errors);

        demo.Terminate();
        Assert.Equal(0, await demo.ExitAsync());
    }

    [Theory]
    [InlineData(60)]
    [InlineData(40)]
    [InlineData(132)]
    public void An_amount_is_never_broken_however_narrow_the_terminal_is(int width)
    {
        MoneyTotal[] totals = [.. ((string[])["merchant", "platform", "carrier", "promoter", "tax"]).Select(party => new MoneyTotal(party, "EUR", 1_234_567_890_12, 0))];
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;

        DemoMoney.Show(totals, console);

        Assert.Equal(5, Regex.Count(text.ToString(), @"\b1234567890\.12\b"));
        Assert.All(text.ToString().Split('\n'), line => Assert.True(line.TrimEnd().Length <= width, line));
    }

    static string[] Typed(ServiceProcess demo, string command) =>
        demo.Output.Split('\n').Single(line => line.TrimStart().StartsWith($"./streamsettle {command}", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];

    static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var command = ServiceProcess.Start(Path.GetTempPath(), new Dictionary<string, string>(), arguments);
        var code = await command.ExitAsync();
        return (code, command.Output, command.Errors);
    }

    /// <summary>Stops a demo a while after it said something, and looks for what is left of it.</summary>
    [UnsupportedOSPlatform("windows")]
    internal static async Task LeavesNothingBehindAsync(string said, TimeSpan after, bool closes, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var folder = Directory.CreateTempSubdirectory("streamsettle-stopped-");
        try
        {
            // The server's user has to get there.
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0x1ED);
            await using var demo = ServiceProcess.Start(folder.FullName, new Dictionary<string, string>(environment) { ["TMPDIR"] = folder.FullName }, command);
            await Until.TrueAsync(() => demo.Output.Contains(said, StringComparison.Ordinal), $"it has said '{said}'", TimeSpan.FromSeconds(240), () => demo.Tail);
            var begun = demo.Elapsed;
            await Until.TrueAsync(() => demo.Elapsed - begun >= after, "the moment has come");

            if (closes)
            {
                Signals.Close(demo.Id);
            }
            else
            {
                Signals.Interrupt(demo.Id);
            }

            Assert.True(await demo.ExitAsync() == 0, demo.Tail);
            Assert.DoesNotContain("   at ", demo.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(folder.FullName), entry => Path.GetFileName(entry).StartsWith("streamsettle", StringComparison.Ordinal));
            Assert.DoesNotContain(Directory.EnumerateDirectories("/proc").Select(CommandOf), command => command.Contains(folder.FullName, StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
