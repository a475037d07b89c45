using System.CommandLine;
using System.Text;
using StreamSettle.App.Configuration;
using StreamSettle.App.Reports;
using StreamSettle.App.Running;
using StreamSettle.App.WhatIf;
using StreamSettle.Audit.Marten;

namespace StreamSettle.App.Commands;

/// <summary><c>rules diff A B --from --to</c>: what a period would have come to under other rules. Reads the event log; the service need not run, and nothing is written.</summary>
static class RulesDiffCommand
{
    const int BufferBytes = 64 * 1024;

    public static Command Create()
    {
        var (a, b) = (Side("A", "The rules to compare with"), Side("B", "The rules to try"));
        var (from, to, config) = (Period.FromOption(), Period.ToOption(), ConfigurationOf.ConfigOption());
        var format = new Option<ReportFormat>("--format") { Description = "table for people, json or csv with every order; default table." }.ByName();
        var command = new Command("diff", "Divides the orders of a period again by two rules and tells the differences by merchant, party and currency, and the orders behind them.")
        {
            a, b, from, to, format, config,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var configuration = ConfigurationOf.ReadStrictly(parsed, config);
            var period = Period.Read(parsed.GetValue(from), parsed.GetValue(to));
            var rules = new ConfigurationReader(configuration).Text("Rules:Directory");
            var (first, second) = (RuleChoice.Read(parsed.GetValue(a)!, rules), RuleChoice.Read(parsed.GetValue(b)!, rules));
            await using var log = new MartenEventLog(EventLogOptions.Read(configuration));
            await RunAsync(log, (first, second), period, parsed.GetValue(format), stop);
            return ExitCodes.Done;
        }));
        return command;
    }

    static Argument<string> Side(string name, string what) => new(name) { Description = $"{what}: a version in Rules:Directory, a folder of rule sets, or 'recorded' for what the event log has." };

    static async Task RunAsync(MartenEventLog log, (RuleChoice A, RuleChoice B) rules, Period period, ReportFormat format, CancellationToken stop)
    {
        await using var output = Console.OpenStandardOutput();
        await using var text = new StreamWriter(output, new UTF8Encoding(false), BufferBytes);
        using var json = format == ReportFormat.Json ? new JsonDiffReport(output, rules.A, rules.B, period) : null;
        IRulesDiffReport report = json as IRulesDiffReport ?? (format == ReportFormat.Csv ? new CsvDiffReport(text) : new TableDiffReport(text, rules.A, rules.B, period));
        var diff = new RulesDiff(rules.A, rules.B, report);
        await log.ReadCalculationsAsync(period.From, period.To, diff.Add, stop);
        diff.End();
    }
}
