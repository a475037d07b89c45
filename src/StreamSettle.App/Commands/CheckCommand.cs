using System.CommandLine;
using StreamSettle.App.Checks;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary><c>check</c>: every dependency is reached, every rule and option is read; nothing is changed.</summary>
static class CheckCommand
{
    /// <summary>Below what stands behind <c>ok</c> or <c>fail</c>.</summary>
    const int Indent = 6;

    public static Command Create()
    {
        var config = ConfigurationOf.ConfigOption();
        var command = new Command("check", "Reads every option and rule and reaches every dependency; changes nothing.") { config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, () => RunAsync(ConfigurationOf.Read(parsed, config), stop)));
        return command;
    }

    static async Task<int> RunAsync(IConfiguration configuration, CancellationToken stop)
    {
        var options = ServiceOptionsReader.Read(configuration);
        foreach (var note in options.NotUsed.Select(key => $"{key} does nothing in this release").Concat(options.Notes))
        {
            Say($"note  {note}");
        }

        await using var eventLog = new MartenEventLog(options.Audit);
        List<int> codes = [];
        using var look = new LogLook(options, TimeProvider.System);
        foreach (var check in look.Checks())
        {
            await TellAsync(check);
        }

        foreach (var check in Checks(options, configuration, eventLog, look.State))
        {
            await TellAsync(check);
        }

        return codes.Contains(ExitCodes.Broken) ? ExitCodes.Broken : codes.Contains(ExitCodes.Mistake) ? ExitCodes.Mistake : codes.DefaultIfEmpty(ExitCodes.Done).Max();

        async Task TellAsync(StartCheck check)
        {
            try
            {
                Say($"ok    {check.Name}: {await check.Look(stop)}");
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                // Whatever the look made of it: it was cut off, and found nothing.
                throw new OperationCanceledException(stop);
            }
            catch (Exception failure) when (failure is CorruptStateException || ExitCodes.Of(failure) is not ExitCodes.Broken)
            {
                foreach (var line in failure.Message.Split(Environment.NewLine))
                {
                    Say($"fail  {check.Name}: {line}");
                }

                codes.Add(ExitCodes.Of(failure));
            }
        }
    }

    static void Say(string line) => Console.WriteLine(TerminalText.Wrap(line, TerminalText.OutputWidth, Indent));

    static IEnumerable<StartCheck> Checks(ServiceOptions options, IConfiguration configuration, MartenEventLog eventLog, StateView state) =>
    [
        .. new StartChecks(options, eventLog, state, TimeProvider.System).All(), UrlCheck.Of(options, configuration),
        .. options.Transport is TransportOptions.Kafka kafka ? (IEnumerable<StartCheck>)[new DebeziumSourceChecks(options, kafka, state, TimeProvider.System).Connector()] : [],
        .. options.Downstreams.Select(downstream => DownstreamCheck.Of(downstream.Key, downstream.Value.BaseUrl)),
    ];
}
