using Microsoft.Extensions.Logging.Abstractions;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Mock;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Streamiz.Hosting;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Testing;

namespace StreamSettle.Streamiz.Tests.Driver;

/// <summary>
/// Runs a hosted topology under Streamiz' own <see cref="TopologyTestDriver"/>: its thread, tasks, queues, punctuations, sinks and commits, over a log in memory. Time is virtual for the graph;
/// Streamiz looks at each task every 10 ms of the real one, so each punctuation on the way of a clock costs that.
/// </summary>
class StreamizDriver : DrivenTopology
{
    /// <summary>A hostile log aborts many; one that aborts each is a fault of the test.</summary>
    const int AbortsMax = 1_000_000;

    readonly GlobalStores globals;
    readonly ManualResetEventSlim stopping = new();
    readonly Turns turns = new();
    readonly HostedWork work;
    readonly TopologyTestDriver driver;
    readonly DrivenClients clients;
    int aborts;

    public StreamizDriver(Streams.Topologies.Topology topology, VirtualTime time, TopologyDriverOptions? options = null, IDrivenLog? log = null)
        : base(topology, time, log ?? new MemoryLog())
    {
        options ??= new();
        var application = new TaskEnvironment(topology, Log, time, options.OnDeserializationException);
        globals = new(application);
        var plan = new ThreadPlan("driver", new(topology.ApplicationId, "driver") { CommitInterval = TimeSpan.Zero }, topology.SubTopologies);
        work = new(application, plan, globals, stopping, () => false);
        var config = HostedConfig.Of(plan.Options, Decide, NullLoggerFactory.Instance);
        clients = new(new(work, topology, () => { }, _ => false), work, turns, Log, config);

        // Else it would go on polling for 10 ms after each record.
        config.MaxPollRecords = 1;
        driver = new(HostedTopology.Build(topology.ApplicationId, plan.SubTopologies, work), config, clients);
        turns.Begin();
    }

    /// <summary>Streamiz' own driver, for what is done to it directly.</summary>
    public TopologyTestDriver Own => driver;

    protected override TimeSpan UntilNext
    {
        get
        {
            var punctuation = work.NextWallPunctuationUs;
            var untilPunctuation = punctuation == long.MaxValue ? TimeSpan.MaxValue : new Kernel.Time.MonotonicInstant(punctuation) - Kernel.Time.MonotonicInstant.Now(Time);
            return TimeSpan.FromTicks(Math.Max(1, Math.Min(untilPunctuation.Ticks, (Time.UntilNextTimer ?? TimeSpan.MaxValue).Ticks)));
        }
    }

    public override void RunUntilIdle() => turns.Ask(() => $"the topology of '{Topology.ApplicationId}' comes to rest");

    public override void Crash()
    {
        globals.Dispose();
        clients.Crash();
    }

    public override void Dispose()
    {
        stopping.Set();
        turns.End();
        driver.Dispose();
        work.Unsubscribe();
        globals.Dispose();
        stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    ExceptionHandlerResponse Decide(Exception failure)
    {
        if (HostedThread.AbortOf(failure) is not null && ++aborts < AbortsMax)
        {
            return ExceptionHandlerResponse.CONTINUE;
        }

        work.GiveUp();
        turns.Fail(failure);
        return ExceptionHandlerResponse.FAIL;
    }
}
