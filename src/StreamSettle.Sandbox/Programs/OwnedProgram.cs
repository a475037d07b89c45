using System.ComponentModel;
using System.Diagnostics;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Sandbox.Programs;

/// <summary>
/// A program that runs until it ends or its owner has had enough of it: disposing kills what is left of it. Ctrl-C in a terminal reaches the owner alone, who ends it when it is no longer
/// needed. Thread-safe.
/// </summary>
public sealed class OwnedProgram : IAsyncDisposable
{
    /// <summary>Of what it says, so many lines are kept; of these the last few are told when it fails.</summary>
    const int LinesMax = 2_000;

    const int LinesTold = 20;

    /// <summary>Puts a program into a session of its own, and itself out of the way.</summary>
    const string NewSession = "/usr/bin/setsid";

    readonly Process process;
    readonly string name;
    readonly string awaited;
    readonly Queue<string> said = new();
    readonly TaskCompletionSource<string> saidIt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    OwnedProgram(Process process, string name, string awaited)
    {
        (this.process, this.name, this.awaited) = (process, name, awaited);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Of the process, whatever its script put in its place.</summary>
    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <param name="program">Its path, and its arguments; where it works, and what it has in its environment.</param>
    /// <param name="awaited">A piece of the line that it says when it is ready (<see cref="ReadyAsync"/>).</param>
    /// <exception cref="UserMistakeException">It cannot be run.</exception>
    public static OwnedProgram Start(ProcessStartInfo program, string awaited)
    {
        var name = Path.GetFileName(program.FileName);
        if (File.Exists(NewSession))
        {
            program.ArgumentList.Insert(0, program.FileName);
            program.FileName = NewSession;
        }

        program.RedirectStandardOutput = program.RedirectStandardError = program.RedirectStandardInput = true;
        try
        {
            return new(Process.Start(program)!, name, awaited);
        }
        catch (Win32Exception cause)
        {
            throw new UserMistakeException($"{name} cannot be run: {cause.Message}", cause);
        }
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <returns>The line; null when it has ended before.</returns>
    /// <exception cref="EnvironmentFailedException">It takes too long; the message has what it said last.</exception>
    public async Task<string?> ReadyAsync(TimeSpan patience, CancellationToken stop)
    {
        var ended = process.WaitForExitAsync(stop);
        var first = await Task.WhenAny(saidIt.Task, ended, Task.Delay(patience, stop));
        stop.ThrowIfCancellationRequested();
        return saidIt.Task.IsCompleted ? await saidIt.Task : first == ended ? null : throw Failed($"has not started within {patience.TotalSeconds} s");
    }

    /// <summary>Waits for its end, whatever its code is.</summary>
    public Task ExitAsync(CancellationToken stop) => process.WaitForExitAsync(stop);

    /// <summary>Waits for its end.</summary>
    /// <returns>What it said.</returns>
    /// <exception cref="EnvironmentFailedException">Its code is not 0; the message has what it said last.</exception>
    public async Task<IReadOnlyList<string>> SucceedAsync(CancellationToken stop)
    {
        await ExitAsync(stop);
        lock (said)
        {
            return process.ExitCode == 0 ? [.. said] : throw Ended();
        }
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>What is to be said of one that has ended though it is needed.</summary>
    public EnvironmentFailedException Ended() => Failed($"ended with {process.ExitCode}");

    /// <summary>Whether a line that it said has this in it.</summary>
    public bool HasSaid(string text)
    {
        lock (said)
        {
            return said.Any(line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    EnvironmentFailedException Failed(string how)
    {
        lock (said)
        {
            return new($"{name} {how}:{Environment.NewLine}{string.Join(Environment.NewLine, said.TakeLast(LinesTold))}");
        }
    }

    void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (said)
        {
            said.Enqueue(line);
            if (said.Count > LinesMax)
            {
                said.Dequeue();
            }
        }

        if (line.Contains(awaited, StringComparison.Ordinal))
        {
            saidIt.TrySetResult(line);
        }
    }
}
