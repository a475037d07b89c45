using System.Globalization;
using Spectre.Console;
using StreamSettle.App.Http.Answers;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.App.Demo;

/// <summary>What the demo itself has seen.</summary>
/// <param name="News">What befell the service; empty when nothing did.</param>
/// <param name="Took">From its start to the last receipt.</param>
readonly record struct DemoStory(string News, TimeSpan Took);

/// <summary>What a person enjoys at the end: orders by outcome, money by party and currency, lateness, what was repeated, and what the auditor says.</summary>
static class DemoSummary
{
    /// <summary>Where no terminal says how wide it is.</summary>
    const int PlainWidth = 132;

    public static void Show(AuditReport report, ShopSummary shop, StatusAnswer status, IReadOnlyList<DownstreamStats> stats, DemoStory story)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            AnsiConsole.Profile.Width = PlainWidth;
        }

        Title("orders");
        Line($"sold {shop.Created:N0} at {shop.OrdersPerSecond:N0}/s, completed {shop.Completed:N0}, changed later {shop.Edited:N0}");
        Line($"ended {string.Join(", ", report.Outcomes.OrderBy(outcome => outcome.Key).Select(outcome => $"{outcome.Key.ToString().ToLowerInvariant()} {outcome.Value:N0}"))}");
        Line($"reversed {status.Flow.ReversalsCompleted:N0} of {status.Flow.ReversalsRequested:N0} refunds that came after the settlement");
        foreach (var reason in report.DeadLetters.OrderByDescending(reason => reason.Value))
        {
            Line($"  {reason.Value,5:N0} dead letters: {reason.Key}");
        }

        Title("money, as the downstream systems took it (settled less reversed)");
        DemoMoney.Show(report.Money);
        Title("time and trouble");
        Late("from the mark to the first call ", report.FirstCalls);
        Late("from the mark to the last effect", report.LastEffects);
        Line($"{stats.Sum(system => system.Requests):N0} requests for {stats.Sum(system => system.Calls):N0} calls; {stats.Sum(system => system.Faults):N0} met a fault on purpose and were asked for, repeated or given up");
        Line($"{status.Audit.Events:N0} facts in the event log; the whole demo took {story.Took.TotalSeconds:0} s, start to last receipt");
        if (story.News.Length > 0)
        {
            Line($"{story.News}");
        }

        Title("invariants, recomputed from source, effects and event log by code of its own");
        foreach (var finding in report.Findings)
        {
            Show(finding);
        }

        AnsiConsole.MarkupLine(report.IsSound ? "[bold green]every invariant holds[/]" : "[bold red]an invariant is broken[/]");
    }

    static void Show(Finding finding)
    {
        var (mark, colour) = finding.Verdict switch { Verdict.Holds => ("holds", "green"), Verdict.Broken => ("BROKEN", "red"), _ => ("not checked", "yellow") };
        AnsiConsole.MarkupLine($"[{colour}]{finding.Invariant,-4}{mark,-12}[/]{Markup.Escape(finding.Title)} ({finding.Checked.ToString("N0", CultureInfo.InvariantCulture)} checked)");
        foreach (var example in finding.Examples)
        {
            Line($"      {example}");
        }
    }

    static void Late(string what, LatenessSummary lateness) => Line(
        $"{what}: p50 {lateness.P50.TotalMilliseconds:N0} ms, p99 {lateness.P99.TotalMilliseconds:N0} ms, max {lateness.Max.TotalMilliseconds:N0} ms over {lateness.Count:N0} orders");

    static void Title(string text)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule(text).LeftJustified());
    }

    static void Line(FormattableString line) => AnsiConsole.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
