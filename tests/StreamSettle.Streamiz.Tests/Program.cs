using StreamSettle.Kafka.Tests.Hosted;
using StreamSettle.Streamiz.Tests.AsItComes;
using StreamSettle.Streams.Streamiz;
using Xunit.Runner.InProc.SystemConsole;

namespace StreamSettle.Streamiz.Tests;

/// <summary>The tests' runner, or one instance of the application as a process of its own, which a test may stop in any way there is.</summary>
static class Program
{
    /// <summary>The argument by which the runtime itself runs the threads.</summary>
    public const string Native = "native";

    public static async Task<int> Main(string[] args)
    {
        if (args is [DisposedWhileStarting.Verb])
        {
            return await DisposedWhileStarting.RunAsync();
        }

        if (args is not [HostedInstance.Verb, .. var rest])
        {
            return await ConsoleRunner.Run(args);
        }

        if (rest is [.. var others, Native])
        {
            return await HostedInstance.RunAsync(others, (topology, log, options, logger) => new(topology, log, options, TimeProvider.System, logger));
        }

        return await HostedInstance.RunAsync(rest, (topology, log, options, logger) => StreamizHost.Open(topology, log, options, TimeProvider.System, new OneLogger(logger)));
    }
}
