using StreamSettle.Kafka.Tests.Hosted;
using Xunit.Runner.InProc.SystemConsole;

namespace StreamSettle.Kafka.Tests;

/// <summary>The tests' runner, or one instance of the application as a process of its own, which a test may stop in any way there is.</summary>
static class Program
{
    public static Task<int> Main(string[] args) => args is [HostedInstance.Verb, .. var rest] ? HostedInstance.RunAsync(rest, (topology, log, options, logger) => new(topology, log, options, TimeProvider.System, logger)) : ConsoleRunner.Run(args);
}
