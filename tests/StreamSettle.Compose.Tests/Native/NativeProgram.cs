using System.Collections.Concurrent;
using System.Diagnostics;
using StreamSettle.Integration.Tests.Around;

namespace StreamSettle.Compose.Tests.Native;

/// <summary>A program that a container would run, started here; disposing kills what is left of it.</summary>
sealed class NativeProgram : IAsyncDisposable
{
    /// <summary>Java programs on a machine that builds and tests other things meanwhile.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly Process process;
    readonly ConcurrentQueue<string> said = new();

    NativeProgram(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasSaid(string text) => said.Any(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>The end of what it said, for messages.</summary>
    public string Tail => string.Join('\n', said.TakeLast(40));

    public static NativeProgram Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        await Until.TrueAsync(() => process.HasExited, "the program ends", within ?? Patience, () => Tail);

        // Its last words may still be on the way.
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Waits for the condition; fails when the program ends before.</summary>
    public async Task ReadyAsync(Func<Task<bool>> isReady, string what)
    {
        await Until.TrueAsync(async () => process.HasExited || await isReady(), what, Patience, () => Tail);
        if (process.HasExited)
        {
            await process.WaitForExitAsync();
            throw new InvalidOperationException($"it ended before: {what}\n{Tail}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    void Keep(string? line)
    {
        if (line is not null)
        {
            said.Enqueue(line);
        }
    }
}
