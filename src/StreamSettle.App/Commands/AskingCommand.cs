using System.CommandLine;
using StreamSettle.App.Running;

namespace StreamSettle.App.Commands;

/// <summary>A command that asks the running service, with a key where it has some.</summary>
static class AskingCommand
{
    /// <summary>Completes a command that asks the service and prints its answer: text for people, with <c>--json</c> the answer as it came.</summary>
    public static Command Of(Command command, Func<ParseResult, ServiceApi, CancellationToken, Task<(string Json, string Text)>> ask)
    {
        var (service, config, json) = (new ApiOptions(), ConfigurationOf.ConfigOption(), new Option<bool>("--json") { Description = "The answer as JSON." });
        service.AddTo(command);
        command.Options.Add(config);
        command.Options.Add(json);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            using var api = service.Open(parsed, ConfigurationOf.ReadStrictly(parsed, config));
            var (answer, text) = await ask(parsed, api, stop);
            Console.Write(parsed.GetValue(json) ? answer + Environment.NewLine : text);
            return ExitCodes.Done;
        }));
        return command;
    }
}
