using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Testing;

/// <summary>
/// A whole topology that is run by the calls of a test, whoever runs its tasks: its clock stands still, and every call returns when nothing is left to do and all of it is committed.
/// </summary>
/// <param name="topology">What is run; its topics are made when they are missing.</param>
/// <param name="time">The clock of the topology, which only <see cref="AdvanceTime"/> and its owner move.</param>
/// <param name="log">What it reads and writes.</param>
public abstract class DrivenTopology(Topology topology, VirtualTime time, IDrivenLog log) : IDisposable
{
    readonly IOutputReader reader = Made(topology, log).OpenOutput();
    readonly RecordBatch piped = new();

    public Topology Topology { get; } = topology;

    public VirtualTime Time { get; } = time;

    public IDrivenLog Log { get; } = log;

    /// <summary>Time to the next punctuation or timer: above zero, so that a clock that stands still comes on.</summary>
    protected abstract TimeSpan UntilNext { get; }

    /// <summary>Runs until nothing is left to do: records, due punctuations, mailboxes, commits.</summary>
    /// <exception cref="InvalidOperationException">The topology feeds itself and never comes to rest.</exception>
    public abstract void RunUntilIdle();

    /// <summary>Drops everything that is not committed, and all tasks; they are made anew from the log at the next run.</summary>
    public abstract void Crash();

    public abstract void Dispose();

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
            Time.Advance(TimeSpan.FromTicks(Math.Min(UntilNext.Ticks, end - Time.GetTimestamp())));
            RunUntilIdle();
        }
    }

    /// <summary>The records of any topic that were not read yet, by partition and offset.</summary>
    public IReadOnlyList<OutputRecord> ReadOutput(string topic) => reader.Read(topic);

    /// <summary>A store of the task of that partition, as committed.</summary>
    public IReadOnlyKeyValueStore Store(string name, int partition = 0) => Log.OpenCommittedView(Topology.Store(name), partition);

    /// <summary>A global store, as committed.</summary>
    public IReadOnlyKeyValueStore GlobalStore(string name) => Log.OpenCommittedView(Topology.Store(name), 0);

    static IDrivenLog Made(Topology topology, IDrivenLog log)
    {
        log.EnsureTopics([.. topology.Topics, .. topology.Changelogs]);
        return log;
    }

    void Append(string topic, scoped in RawRecord record, int? partition)
    {
        piped.Clear();
        piped.Add(record);
        Log.Append(new(topic, partition ?? Murmur2.Partition(record.Key, Log.Partitions(topic))), piped);
    }
}
