using System.CommandLine;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Following;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary><c>connectors apply / status / restart / delete [NAME]</c>: the connectors on the Kafka Connect cluster.</summary>
static class ConnectorsCommand
{
    public static Command Create() => new("connectors", "The connectors on the Kafka Connect cluster: apply, status, restart, delete.")
    {
        Acting("apply", "Makes or updates the connector by NAME.json of Connect:Directory, and waits until it runs.", ApplyAsync),
        Acting("status", "Says what the connector and its tasks do.", async (asked, stop) => Tell(asked, await asked.Operations.StatusAsync(asked.Name, stop))),
        Acting("restart", "Restarts the connector and its tasks, paused ones too, and waits until they run.", async (asked, stop) =>
            Tell(asked, await asked.Operations.RestartAsync(asked.Name, stop))),
        Acting("delete", "Takes the connector off the cluster.", DeleteAsync),
    };

    static Command Acting(string name, string description, Func<Asked, CancellationToken, Task<int>> act)
    {
        var connector = new Argument<string?>("NAME") { Description = "The connector; default: the one of Source:Format.", Arity = ArgumentArity.ZeroOrOne };
        var config = ConfigurationOf.ConfigOption();
        var command = new Command(name, description) { connector, config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var configuration = ConfigurationOf.ReadStrictly(parsed, config);
            var reader = new ConfigurationReader(configuration);
            var options = ConnectOptionsReader.Read(reader, needed: true);
            Refuse(reader);
            using var client = new ConnectClient(options!.Url, TimeProvider.System);
            return await act(new(parsed.GetValue(connector) ?? options.Connector, options, configuration, client), stop);
        }));
        return command;
    }

    static async Task<int> ApplyAsync(Asked asked, CancellationToken stop)
    {
        var reader = new ConfigurationReader(asked.Configuration);
        var source = ServiceOptionsReader.Source(reader, ServiceOptionsReader.Partitions(reader));
        var values = ConnectOptionsReader.Values(source, asked.Configuration);
        Refuse(reader);
        foreach (var made in await SourcePreparation.EnsureAsync(source, stop))
        {
            Say($"{asked.Name}: made {made} in the source");
        }

        return Tell(asked, await asked.Operations.ApplyAsync(new ConnectorFile(asked.Options.Directory, values.Of).Read(asked.Name), stop));
    }

    static async Task<int> DeleteAsync(Asked asked, CancellationToken stop)
    {
        var slot = await asked.Client.ConfigAsync(asked.Name, asked.Patience, stop) is { } config ? config.GetValueOrDefault("slot.name") : null;
        await asked.Operations.DeleteAsync(asked.Name, stop);
        Say(
            $"{asked.Name}: deleted on {asked.Client.Address}. Its offsets stay with Connect, so that one of this name goes on where it was; "
            + $"its slot{(slot is null ? "" : $" {slot}")} holds WAL back in the source until it is read again, or dropped by pg_drop_replication_slot.");
        return ExitCodes.Done;
    }

    static int Tell(Asked asked, ConnectorOutcome outcome)
    {
        Say($"{asked.Name}: {Done(outcome.Change)} on {asked.Client.Address}");
        return outcome.Status is { } status ? Tell(asked, status) : throw new EnvironmentFailedException($"Kafka Connect at {asked.Client.Address} says nothing of the connector {asked.Name} yet.");
    }

    static int Tell(Asked asked, ConnectorStatus status)
    {
        Say($"{status.Name}: connector {ConnectorStatus.Word(status.State)} on {status.Worker}");
        foreach (var task in status.Tasks)
        {
            Say($"{status.Name}: task {task.Id} {ConnectorStatus.Word(task.State)} on {task.Worker}");
        }

        return status.Problem is { } problem
            ? throw new EnvironmentFailedException(
                $"the connector {status.Name} {problem}. {(status.IsPaused ? "Let it run by" : "When that is mended:")} streamsettle connectors restart {asked.Name}")
            : ExitCodes.Done;
    }

    static string Done(ConnectorChange change) => change switch
    {
        ConnectorChange.Made => "made",
        ConnectorChange.Updated updated => $"updated ({string.Join(", ", updated.Keys)})",
        ConnectorChange.Restarted { WasPaused: true } => "resumed",
        ConnectorChange.Restarted => "restarted",
        _ => "is already as its file wants it",
    };

    static void Say(string line) => Console.WriteLine(TerminalText.Wrap(FailureText.OneLine(line), TerminalText.OutputWidth, 2));

    static void Refuse(ConfigurationReader reader)
    {
        if (reader.Problems.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, reader.Problems));
        }
    }

    /// <summary>What a command was asked about.</summary>
    sealed record Asked(string Name, ConnectOptions Options, IConfiguration Configuration, ConnectClient Client)
    {
        public TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

        public ConnectorOperations Operations { get; } = new(Client, TimeProvider.System);
    }
}
