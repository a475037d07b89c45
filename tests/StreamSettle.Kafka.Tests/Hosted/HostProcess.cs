using System.Diagnostics;
using System.Globalization;
using StreamSettle.Tests.Links;

namespace StreamSettle.Kafka.Tests.Hosted;

/// <summary>An instance as a process of its own: it may be killed, put to sleep, woken, or asked to stop.</summary>
sealed class HostProcess : IAsyncDisposable
{
    const int LinesMax = 200;

    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(90);

    readonly Process process;
    readonly List<string> said = [];
    volatile int runningTasks;

    HostProcess(ProcessStartInfo start)
    {
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Tasks that run, as it said last.</summary>
    public int RunningTasks => runningTasks;

    public bool HasEnded => process.HasExited;

    public static HostProcess Start(IEnumerable<string> arguments) => new(new(Path.Combine(AppContext.BaseDirectory, typeof(HostProcess).Assembly.GetName().Name!), [HostedInstance.Verb, .. arguments])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    });

    /// <summary>As kill -9 does.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
        runningTasks = 0;
    }

    /// <summary>Lets it run no further, as a machine that sleeps does.</summary>
    public void Freeze() => Signals.Freeze(process.Id);

    public void Thaw() => Signals.Thaw(process.Id);

    /// <summary>Lines with this event id.</summary>
    public int Count(int id)
    {
        lock (said)
        {
            return said.Count(line => line.Contains(string.Create(CultureInfo.InvariantCulture, $" {id} "), StringComparison.Ordinal));
        }
    }

    /// <summary>Stops it in good order.</summary>
    public async Task StopAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(StopPatience);
        runningTasks = 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    public override string ToString()
    {
        lock (said)
        {
            return string.Join('\n', said);
        }
    }

    void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (line.StartsWith(HostedInstance.Running, StringComparison.Ordinal))
        {
            runningTasks = int.Parse(line.AsSpan(HostedInstance.Running.Length), CultureInfo.InvariantCulture);
        }

        lock (said)
        {
            said.Add(line);
            if (said.Count > LinesMax)
            {
                said.RemoveAt(0);
            }
        }
    }
}
