using System.CommandLine;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;

namespace StreamSettle.App.Commands;

/// <summary><c>run</c>: the service.</summary>
static class RunCommand
{
    public static Command Create()
    {
        var config = ConfigurationOf.ConfigOption();
        var rebuild = new Option<bool>("--rebuild") { Description = "Local state was lost: make StateDirectory anew from the source and the event log, then run." };
        var command = new Command("run", "Runs the service until SIGTERM or Ctrl-C.") { config, rebuild };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.UntilStoppedAsync(stop, () => RunAsync(ConfigurationOf.Read(parsed, config), parsed.GetValue(rebuild), stop)));
        return command;
    }

    static async Task<int> RunAsync(IConfiguration configuration, bool rebuild, CancellationToken stop)
    {
        await using var run = new ServiceRun(ServiceOptionsReader.Read(configuration) with { Rebuild = rebuild }, configuration, TimeProvider.System, Guid.CreateVersion7);
        await run.StartAsync(stop);
        await run.WaitAsync(stop);
        return ExitCodes.Done;
    }
}
