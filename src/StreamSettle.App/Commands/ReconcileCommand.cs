using System.CommandLine;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.App.Configuration;
using StreamSettle.App.Reconciling;
using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.App.Reconciling.Output;
using StreamSettle.App.Reports;
using StreamSettle.App.Running;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary><c>reconcile --from --to</c>: shop against event log against downstream systems. Reads and asks; but for <c>--repair</c> the service need not run, and nothing is changed.</summary>
static class ReconcileCommand
{
    const int BufferBytes = 64 * 1024;

    public static Command Create()
    {
        var (from, to, config) = (Period.FromOption(), Period.ToOption(), ConfigurationOf.ConfigOption());
        var shard = new Option<string?>("--shard") { Description = "INDEX/COUNT, such as 3/16: only orders whose id leaves INDEX by COUNT; default all." };
        var format = new Option<ReportFormat>("--format") { Description = "table for people, json or csv with every discrepancy; default table." }.ByName();
        var resume = new Option<string?>("--resume") { Description = "A file that keeps the progress: with it a comparison that was cut off goes on where it was. It is removed at the end." };
        var noSource = new Option<bool>("--no-source") { Description = "The shop is not read." };
        var noDownstreams = new Option<bool>("--no-downstreams") { Description = "The downstream systems are not asked." };
        var repair = new Option<bool>("--repair") { Description = "Asks the running service to send again what a system has lost, and to replay dead letters of calls that were done; needs an operator's key." };
        var service = new ApiOptions();
        var command = new Command("reconcile", "Compares the shop's orders of a period with the event log and the downstream systems: missing, extra, different amounts and states, late.")
        {
            from, to, shard, format, resume, noSource, noDownstreams, repair, config,
        };
        service.AddTo(command);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var configuration = ConfigurationOf.ReadStrictly(parsed, config);
            var scope = new ReconcileScope(
                Period.Read(parsed.GetValue(from), parsed.GetValue(to)), parsed.GetValue(shard) is { } text ? Shard.Read(text) : Shard.All, !parsed.GetValue(noSource), !parsed.GetValue(noDownstreams));
            if (scope is { WithSource: false, WithDownstreams: false })
            {
                throw new UserMistakeException("--no-source and --no-downstreams together leave nothing to compare with: give one of them, or none.");
            }

            await using var log = new MartenEventLog(EventLogOptions.Read(configuration));
            using var world = ReconcileWorld.Open(configuration, scope, log, TimeProvider.System, NullLogger.Instance);
            using var file = parsed.GetValue(resume) is { } path ? ProgressFile.Open(path, scope) : null;
            using var api = parsed.GetValue(repair) ? service.Open(parsed, configuration) : null;
            var repairs = api is null ? null : new Repairs(api, Console.Error);
            await (repairs?.ReachAsync(stop) ?? Task.CompletedTask);
            return await RunAsync(world, scope, (file, repairs), parsed.GetValue(format), stop);
        }));
        return command;
    }

    static async Task<int> RunAsync(ReconcileWorld world, ReconcileScope scope, (ProgressFile? File, Repairs? Repairs) kept, ReportFormat format, CancellationToken stop)
    {
        var (file, repairs) = kept;
        await using var output = Console.OpenStandardOutput();
        await using var text = new StreamWriter(output, new UTF8Encoding(false), BufferBytes);
        using var json = format == ReportFormat.Json ? new JsonReconcileReport(output, scope) : null;
        IReconcileReport report = json as IReconcileReport ?? (format == ReportFormat.Csv ? new CsvReconcileReport(text) : new TableReconcileReport(text, scope));
        foreach (var before in file?.Found ?? [])
        {
            report.Found(before);
            repairs?.Add(before);
        }

        var counts = file?.Counts ?? new();
        await world.Run.RunAsync(file?.Place ?? ReconcilePlace.Start, counts, new ReconcileOutput(report, file, repairs, Console.Error, TimeProvider.System), stop);
        report.End(counts);
        await text.FlushAsync(stop);
        await (repairs?.RunAsync(stop) ?? Task.CompletedTask);
        file?.Remove();
        return Verdict(counts);
    }

    static int Verdict(ReconcileCounts counts)
    {
        if (counts.Known > 0)
        {
            return ExitCodes.Found;
        }

        return counts.Of(DiscrepancyKind.Unknown) is > 0 and var unknown
            ? throw new EnvironmentFailedException($"{unknown} things could not be compared: what was found is no discrepancy, but not all was seen.")
            : ExitCodes.Done;
    }
}
