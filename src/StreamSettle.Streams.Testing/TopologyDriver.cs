using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Testing;

/// <summary>
/// Runs a whole topology in the caller's thread, with a clock that stands still and a log in memory: every call returns when nothing
/// is left to do and all of it is committed. The same tasks as in <c>StreamsApp</c>; the same calls give the same result.
/// </summary>
public sealed class TopologyDriver : IDisposable
{
    // A graph that never comes to rest is a bug of the graph.
    const int RoundsMax = 1_000_000;

    readonly Topology topology;
    readonly GlobalStores globals;
    readonly StreamWorker worker;
    readonly IOutputReader reader;
    readonly RecordBatch piped = new();

    public TopologyDriver(Topology topology, UtcInstant startTime)
        : this(topology, new VirtualTime(startTime.ToDateTimeOffset()))
    {
    }

    /// <param name="log">A log to go on with; a new one in memory by default.</param>
    public TopologyDriver(Topology topology, VirtualTime time, TopologyDriverOptions? options = null, IDrivenLog? log = null)
    {
        options ??= new();
        this.topology = topology;
        Time = time;
        Log = log ?? new MemoryLog();
        Log.EnsureTopics([.. topology.Topics, .. topology.Changelogs]);
        reader = Log.OpenOutput();
        var application = new TaskEnvironment(topology, Log, time, options.OnDeserializationException);
        globals = new(application);
        worker = new(
            application,
            new(topology.ApplicationId, "driver") { CommitInterval = TimeSpan.MaxValue, RecordsPerCommitMax = options.CommitEvery },
            globals,
            topology.SubTopologies);
        RunUntilIdle();
    }

    public VirtualTime Time { get; }

    public IDrivenLog Log { get; }

    /// <summary>Appends a record to the partition of its key (murmur2) or the given one, and runs until nothing is left to do.</summary>
    public void Pipe(string topic, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs, byte[]? headers = null, int? partition = null)
    {
        Append(topic, key, value, timestampMs, headers, partition);
        RunUntilIdle();
    }

    /// <summary>As <see cref="Pipe"/>, without value.</summary>
    public void PipeTombstone(string topic, ReadOnlySpan<byte> key, long timestampMs, byte[]? headers = null, int? partition = null)
    {
        Append(topic, new() { TimestampMs = timestampMs, Key = key, ValueIsNull = true, Headers = headers }, partition);
        RunUntilIdle();
    }

    /// <summary>As <see cref="Pipe"/>, but runs nothing: to have several records there before the first is processed.</summary>
    public void Append(string topic, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs, byte[]? headers = null, int? partition = null) =>
        Append(topic, new RawRecord { TimestampMs = timestampMs, Key = key, Value = value, Headers = headers }, partition);

    /// <summary>Moves both clocks from one due punctuation or timer to the next, running until idle at each, and on to the end.</summary>
    public void AdvanceTime(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        RunUntilIdle();
        var end = Time.GetTimestamp() + by.Ticks;
        while (Time.GetTimestamp() < end)
        {
            Time.Advance(TimeSpan.FromTicks(Math.Min(UntilNext().Ticks, end - Time.GetTimestamp())));
            RunUntilIdle();
        }
    }

    /// <summary>Runs rounds until one does nothing: records, due punctuations, mailboxes, commits.</summary>
    /// <exception cref="InvalidOperationException">The topology feeds itself and never comes to rest.</exception>
    public void RunUntilIdle()
    {
        for (var round = 0; worker.RunOnce(Log.PollWait) || !HasCaughtUpGlobals() || !Log.IsQuiet; round++)
        {
            if (round == RoundsMax)
            {
                throw new InvalidOperationException($"the topology of '{topology.ApplicationId}' is still busy after {RoundsMax} rounds");
            }
        }

    }

    /// <summary>The records of any topic that were not read yet, by partition and offset.</summary>
    public IReadOnlyList<OutputRecord> ReadOutput(string topic) => reader.Read(topic);

    /// <summary>A store of the task of that partition, as committed.</summary>
    public IReadOnlyKeyValueStore Store(string name, int partition = 0) => Log.OpenCommittedView(topology.Store(name), partition);

    /// <summary>A global store, as committed.</summary>
    public IReadOnlyKeyValueStore GlobalStore(string name) => Log.OpenCommittedView(topology.Store(name), 0);

    /// <summary>Drops everything that is not committed, and all tasks; they are made anew from the log at the next run.</summary>
    public void Crash()
    {
        globals.Dispose();
        worker.Restart();
    }

    public void Dispose()
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

    void Append(string topic, scoped in RawRecord record, int? partition)
    {
        piped.Clear();
        piped.Add(record);
        Log.Append(new(topic, partition ?? Murmur2.Partition(record.Key, Log.Partitions(topic))), piped);
    }

    /// <summary>Time to the next punctuation or timer: at least a tick, so that a clock that stands still comes on.</summary>
    TimeSpan UntilNext()
    {
        var punctuation = worker.NextWallPunctuationUs;
        var untilPunctuation = worker.IsHeldBack ? StreamWorker.IdleWaitMax : punctuation == long.MaxValue ? TimeSpan.MaxValue : new MonotonicInstant(punctuation) - MonotonicInstant.Now(Time);
        var untilTimer = Time.UntilNextTimer ?? TimeSpan.MaxValue;
        return TimeSpan.FromTicks(Math.Max(1, Math.Min(untilPunctuation.Ticks, untilTimer.Ticks)));
    }
}
