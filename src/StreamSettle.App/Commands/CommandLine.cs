using System.CommandLine;
using StreamSettle.App.Running;

namespace StreamSettle.App.Commands;

/// <summary>The commands of the program (contract/program.md), and their exit codes.</summary>
static class CommandLine
{
    /// <summary>How long a command may take to end after SIGTERM or Ctrl-C before the process is ended for it (contract/program.md).</summary>
    static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    /// <summary>Before the further lines of a message in a terminal that is too narrow for it.</summary>
    const int Indent = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var parsed = Commands().Parse(args);
            if (parsed.Errors.Count > 0)
            {
                await Console.Error.WriteLineAsync(TerminalText.Wrap(WrongUsage.Of(parsed), TerminalText.ErrorWidth, Indent));
                return ExitCodes.Mistake;
            }

            using var hangUp = new HangUp();
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = EndsWithin }, hangUp.Stop);
        }
#pragma warning disable CA1031 // The edge of the program: what fails before a command runs becomes a message and an exit code too.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Report(failure);
        }
    }

    /// <summary>Runs a command that has an end of its own and turns its failure into a message and an exit code. Cut off, it has not done what it is for.</summary>
    public static Task<int> GuardAsync(CancellationToken stop, Func<Task<int>> command) => GuardAsync(stop, command, ExitCodes.Interrupted);

    /// <summary>As <see cref="GuardAsync(CancellationToken, Func{Task{int}})"/>, for what runs until it is stopped: then that is a good end.</summary>
    public static Task<int> UntilStoppedAsync(CancellationToken stop, Func<Task<int>> command) => GuardAsync(stop, command, ExitCodes.Done);

    /// <param name="stop">Whether somebody asked for the end: only then is a cancellation one in good order.</param>
    static async Task<int> GuardAsync(CancellationToken stop, Func<Task<int>> command, int stopped)
    {
        // Signals are listened to once the command has begun to wait. A SIGTERM before that would be lost: the web host, which swallows it, listens from its own start.
        await Task.Yield();
        try
        {
            return await command();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return stopped == ExitCodes.Done ? stopped : Say("stopped before its end", stopped);
        }
#pragma warning disable CA1031 // The edge of the program: every failure becomes a message and an exit code.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Report(failure);
        }
    }

    static RootCommand Commands() => new("Settles each order after its mark: nothing lost, nothing paid twice, never early.")
    {
        DemoCommand.Create(),
        RunCommand.Create(),
        CheckCommand.Create(),
        TopologyCommand.Create(),
        OrderCommand.Create(),
        AuditCommand.Create(),
        DeadLettersCommand.Create(),
        HoldsCommand.Create(),
        ForecastCommand.Create(),
        ReconcileCommand.Create(),
        ScanCommand.Create(),
        RulesCommand.Create(),
        SchemasCommand.Create(),
        ConnectorsCommand.Create(),
        SandboxCommand.Create(),
    };

    /// <summary>A trace is for the makers: it is shown of what they alone can mend.</summary>
    static int Report(Exception failure)
    {
        var code = ExitCodes.Of(failure);
        return Say(code == ExitCodes.Broken ? failure.ToString() : FailureText.Of(failure), code);
    }

    static int Say(string text, int code)
    {
        try
        {
            Console.Error.WriteLine(TerminalText.Wrap($"streamsettle: {text}", code == ExitCodes.Broken ? null : TerminalText.ErrorWidth, Indent));
        }
        catch (IOException)
        {
            // The terminal is gone, and with it whoever would read this.
        }

        return code;
    }
}
