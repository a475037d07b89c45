using System.CommandLine;
using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;

namespace StreamSettle.App.Commands;

/// <summary><c>check</c>: every dependency is reached, every rule and option is read; nothing is changed.</summary>
static class CheckCommand
{
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
        var code = ExitCodes.Done;
        foreach (var (name, check) in Preflight.Checks(options))
        {
            try
            {
                Console.WriteLine($"ok    {name}: {await check(stop)}");
            }
            catch (Exception failure) when (ExitCodes.Of(failure) is not ExitCodes.Broken)
            {
                Console.WriteLine($"fail  {name}: {failure.Message}");
                code = Math.Max(code, ExitCodes.Of(failure));
            }
        }

        return code;
    }
}
