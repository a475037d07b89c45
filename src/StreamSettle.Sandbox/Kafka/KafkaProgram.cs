using System.Diagnostics;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Programs;

namespace StreamSettle.Sandbox.Kafka;

/// <summary>Runs the programs of a Kafka download. Their scripts put Java in their place, so the process is the program itself.</summary>
public static class KafkaProgram
{
    const string Never = "\n";

    /// <param name="program">Its path (<see cref="KafkaHome.Program"/>).</param>
    /// <param name="folder">For its own logs.</param>
    /// <param name="awaited">A piece of the line that it says when it is ready; by default nothing is awaited of it but its end.</param>
    /// <exception cref="UserMistakeException">It cannot be run.</exception>
    public static OwnedProgram Start(string program, IReadOnlyList<string> arguments, string folder, JavaOptions java, string awaited = Never)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment["KAFKA_HEAP_OPTS"] = $"-Xmx{java.HeapMb}m";
        start.Environment["KAFKA_OPTS"] = java.QuickStart ? "-XX:TieredStopAtLevel=1" : "";
        start.Environment["LOG_DIR"] = folder;
        return OwnedProgram.Start(start, awaited);
    }

    /// <summary>Starts a server until it has found free ports: it cannot be told to take any and say which, as clients are sent where it says that it is.</summary>
    /// <param name="start">Makes its settings and starts it; of the attempt with this number.</param>
    /// <exception cref="EnvironmentFailedException">It does not start; the message has what it said last.</exception>
    public static async Task<OwnedProgram> StartServerAsync(Func<int, Task<OwnedProgram>> start, TimeSpan patience, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            var program = await start(attempt);
            try
            {
                if (await program.ReadyAsync(patience, stop) is not null)
                {
                    return program;
                }

                if (attempt == FreePort.MostAttempts || !program.HasSaid(FreePort.Taken))
                {
                    throw program.Ended();
                }
            }
            catch
            {
                await program.DisposeAsync();
                throw;
            }

            await program.DisposeAsync();
        }
    }
}
