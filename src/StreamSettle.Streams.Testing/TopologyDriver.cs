using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Testing;

/// <summary>
/// Runs a whole topology in the caller's thread, with a clock that stands still and a log in memory: every call returns when nothing
/// is left to do and all of it is committed. The same tasks as in <c>StreamsApp</c>; the same calls give the same result.
/// </summary>
public sealed class TopologyDriver : DrivenTopology
{
    // A graph that never comes to rest is a bug of the graph.
    const int RoundsMax = 1_000_000;

    readonly GlobalStores globals;
    readonly StreamWorker worker;

    public TopologyDriver(Topology topology, UtcInstant startTime)
        : this(topology, new VirtualTime(startTime.ToDateTimeOffset()))
    {
    }

    /// <param name="log">A log to go on with; a new one in memory by default.</param>
    public TopologyDriver(Topology topology, VirtualTime time, TopologyDriverOptions? options = null, IDrivenLog? log = null)
        : base(topology, time, log ?? new MemoryLog())
    {
        options ??= new();
        var application = new TaskEnvironment(topology, Log, time, options.OnDeserializationException);
        globals = new(application);
        worker = new(
            application,
            new(topology.ApplicationId, "driver") { CommitInterval = TimeSpan.MaxValue, RecordsPerCommitMax = options.CommitEvery },
            globals,
            topology.SubTopologies);
        RunUntilIdle();
    }

    protected override TimeSpan UntilNext
    {
        get
        {
            var punctuation = worker.NextWallPunctuationUs;
            var untilPunctuation = worker.IsHeldBack ? StreamWorker.HeldBackWait : punctuation == long.MaxValue ? TimeSpan.MaxValue : new MonotonicInstant(punctuation) - MonotonicInstant.Now(Time);
            var untilTimer = Time.UntilNextTimer ?? TimeSpan.MaxValue;
            return TimeSpan.FromTicks(Math.Max(1, Math.Min(untilPunctuation.Ticks, untilTimer.Ticks)));
        }
    }

    public override void RunUntilIdle()
    {
        for (var round = 0; worker.RunOnce(Log.PollWait) || !HasCaughtUpGlobals() || !Log.IsQuiet; round++)
        {
            if (round == RoundsMax)
            {
                throw new InvalidOperationException($"the topology of '{Topology.ApplicationId}' is still busy after {RoundsMax} rounds");
            }
        }
    }

    public override void Crash()
    {
        globals.Dispose();
        worker.Restart();
    }

    public override void Dispose()
    {
        worker.Dispose();
        globals.Dispose();
    }

    /// <summary>An aborted commit is tried again by the next round, as any.</summary>
    bool HasCaughtUpGlobals()
    {
        try
        {
            globals.CatchUp();
            return true;
        }
        catch (TransactionAbortedException)
        {
            return false;
        }
    }
}
