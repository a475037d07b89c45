using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Streamiz.Hosting;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Streamiz;

/// <summary>
/// Runs a topology inside of Streamiz.Kafka.Net: its threads, tasks, record queues, punctuations and commit interval, over the log that the runtime's own threads would use. Streamiz' own
/// clients and stores are not used, because they lose and double records under faults (<c>docs/streamiz.md</c>).
/// </summary>
public static class StreamizHost
{
    /// <summary>What the host cannot do, a sentence for an operator.</summary>
    public const string Limits =
        "commits come by their interval and not as soon as somebody waits for one, and messages to tasks are looked for every 10 ms: each step of an order takes some 20 ms that it does not take natively. " +
        "While a record waits for its schema the thread's other tasks wait too";

    /// <summary>An application that is not started. Each thread is an instance of Streamiz; a thread group is an application of its own for it.</summary>
    /// <param name="loggers">Streamiz speaks much: all of it is heard at the level Debug.</param>
    /// <exception cref="UserMistakeException">The options or their groups do not fit the topology, or Streamiz cannot run it.</exception>
    public static StreamsApp Open(Topology topology, IStreamLog log, StreamsOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        foreach (var group in options.Groups)
        {
            Check(topology, group);
        }

        var quiet = new QuietLoggers(loggers);
        return new(topology, log, options, time, loggers.CreateLogger<StreamsApp>(), (plan, application, globals, events) => new HostedThread(plan, application, globals, events, quiet));
    }

    /// <summary>What Streamiz itself says of the topology.</summary>
    public static string Describe(Topology topology) => HostedTopology.Build(topology.ApplicationId, topology.SubTopologies, work: null).Describe().ToString()!;

    /// <summary>Streamiz names changelogs by its application id, which for it is the group's.</summary>
    static void Check(Topology topology, ThreadGroup group)
    {
        foreach (var subTopology in topology.SubTopologies.Where(sub => sub.Stores.Count > 0 && sub.Nodes.Any(group.Nodes.Contains)))
        {
            throw new UserMistakeException($"the thread group '{group.Name}' has stores ({string.Join(", ", subTopology.Stores.Select(store => store.Name))}): with Streamiz as host only sub-topologies without stores may be in one");
        }
    }
}
