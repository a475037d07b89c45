using System.CommandLine;
using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;
using StreamSettle.Streams.Streamiz;

namespace StreamSettle.App.Commands;

/// <summary><c>topology</c>: the graph as text, as Kafka Streams prints it; <c>--mermaid</c>, <c>--host streamiz</c>.</summary>
static class TopologyCommand
{
    public static Command Create()
    {
        var mermaid = new Option<bool>("--mermaid") { Description = "As a Mermaid flowchart." };
        var host = new Option<StreamsHost>("--host") { Description = "As this host of the stream threads describes it: native or streamiz." }.ByName();
        var command = new Command("topology", "Prints the topology.") { mermaid, host };
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, () =>
        {
            var topology = DescribedTopology.Build();
            Console.Write(parsed.GetValue(mermaid) ? topology.ToMermaid() : parsed.GetValue(host) == StreamsHost.Streamiz ? StreamizHost.Describe(topology) : topology.Describe());
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }
}
