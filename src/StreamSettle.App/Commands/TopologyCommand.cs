using System.CommandLine;
using StreamSettle.App.Composition;
using StreamSettle.App.Running;

namespace StreamSettle.App.Commands;

/// <summary><c>topology</c>: the graph as text, as Kafka Streams prints it; <c>--mermaid</c>.</summary>
static class TopologyCommand
{
    public static Command Create()
    {
        var mermaid = new Option<bool>("--mermaid") { Description = "As a Mermaid flowchart." };
        var command = new Command("topology", "Prints the topology.") { mermaid };
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, () =>
        {
            var topology = DescribedTopology.Build();
            Console.Write(parsed.GetValue(mermaid) ? topology.ToMermaid() : topology.Describe());
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }
}
