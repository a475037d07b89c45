using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>A program of a Kafka download while it runs: small, and quick to start. Its scripts put Java in their place, so the process is the program itself.</summary>
public sealed partial class KafkaProgram : IAsyncDisposable
{
    const int Term = 15;
    const int Stop = 19;
    const int Continue = 18;
    const int LinesMax = 2_000;

    readonly Process process;
    readonly List<string> said = [];

    KafkaProgram(Process process, Action<string>? hear)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data, hear);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, hear);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasExited => process.HasExited;

    /// <summary>What it said last.</summary>
    public string Tail
    {
        get
        {
            lock (said)
            {
                return string.Join('\n', said.TakeLast(40));
            }
        }
    }

    /// <param name="home">The download.</param>
    /// <param name="folder">For its own logs.</param>
    /// <param name="hear">Is given each line.</param>
    public static KafkaProgram Start(string home, string program, IReadOnlyList<string> arguments, string folder, Action<string>? hear = null)
    {
        var start = new ProcessStartInfo(Path.Combine(home, "bin", program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KAFKA_HEAP_OPTS"] = "-Xmx384m";
        start.Environment["KAFKA_JIT_LEVEL"] = "1";
        start.Environment["LOG_DIR"] = folder;
        return new(Process.Start(start)!, hear);
    }

    public bool HasSaid(string text)
    {
        lock (said)
        {
            return said.Exists(line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    /// <summary>Asks it to end.</summary>
    public void Terminate() => Send(process.Id, Term);

    /// <summary>As the machine's failure does.</summary>
    public void Kill() => process.Kill(entireProcessTree: true);

    /// <summary>Lets it stand still, as a machine that answers nobody does.</summary>
    public void Freeze() => Send(process.Id, Stop);

    public void Thaw() => Send(process.Id, Continue);

    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);

    void Hear(string? line, Action<string>? hear)
    {
        if (line is null)
        {
            return;
        }

        lock (said)
        {
            said.Add(line);
            if (said.Count > LinesMax)
            {
                said.RemoveAt(0);
            }
        }

        hear?.Invoke(line);
    }
}
