using System.Globalization;
using Spectre.Console;
using StreamSettle.App.Http.Answers;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.App.Demo;

/// <summary>What a person enjoys at the end: orders by outcome, money, lateness, what was repeated, and what the auditor says.</summary>
static class DemoSummary
{
    public static void Show(AuditReport report, ShopSummary shop, StatusAnswer status, IReadOnlyList<DownstreamStats> stats, TimeSpan took)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule("what happened").LeftJustified());
        AnsiConsole.WriteLine(shop.ToText());
        AnsiConsole.WriteLine(report.ToText());
        AnsiConsole.Write(new Rule("in short").LeftJustified());
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{status.Flow.Completed:N0} orders completed, {status.Flow.Cancelled:N0} cancelled, {status.Flow.ReversalsCompleted:N0} refunds reversed, "
            + $"{status.DeadLetters:N0} dead letters, {status.Audit.Events:N0} facts in the event log, in {took.TotalSeconds:0} s."));
        AnsiConsole.MarkupLine(report.IsSound ? "[bold green]every invariant holds[/]" : "[bold red]an invariant is broken[/]");
    }
}
