using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.EventLog;

/// <summary>The buffer between one stream thread and the event log. All but <see cref="Status"/> belongs to that thread.</summary>
/// <remarks>The thread adds what it polled, flushes, and then commits its own positions; a crash in between only repeats what the event log leaves out.</remarks>
public sealed class AuditSink
{
    /// <summary>Most events between two flushes: a stream thread's poll is far below it.</summary>
    public const int MaxPending = 64 * EventBatch.MaxEvents;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    readonly IEventLog log;
    readonly Guid logIdentity;
    readonly TimeProvider time;
    // Next offsets, those of what is pending included: a partition that is read again after an aborted commit adds nothing twice.
    readonly Dictionary<SourcePartition, long> positions = [];
    readonly Queue<EventBatch> pending = [];
    readonly Stack<EventBatch> spare = [];
    EventBatch current;
    volatile SinkStatus status = new SinkStatus.Ok(0);

    AuditSink(IEventLog log, Guid logIdentity, TimeProvider time)
    {
        this.log = log;
        this.logIdentity = logIdentity;
        this.time = time;
        current = new(logIdentity);
    }

    /// <summary>Readable from any thread.</summary>
    public SinkStatus Status => status;

    /// <summary>Events added since the last flush.</summary>
    public int Pending { get; private set; }

    /// <summary>Reads the positions, waiting for the event log while it is away.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> came first.</exception>
    public static AuditSink Open(IEventLog log, Guid logIdentity, TimeProvider time, CancellationToken stop)
    {
        var sink = new AuditSink(log, logIdentity, time);
        sink.Keep(sink.Persist(() => log.ReadPositionsAsync(logIdentity, stop), stop));
        sink.status = new SinkStatus.Ok(0);
        return sink;
    }

    /// <summary>Copies a record of <c>settlement-events</c>; one that the event log has, or that is pending, is left out.</summary>
    /// <exception cref="CorruptStateException">The record is no event of ours.</exception>
    /// <exception cref="BrokenInvariantException">More than <see cref="MaxPending"/> without a flush.</exception>
    public void Add(string topic, int partition, long offset, ReadOnlySpan<byte> record)
    {
        var source = new SourcePartition(topic, partition);
        if (positions.TryGetValue(source, out var next) && offset < next)
        {
            return;
        }

        if (Pending >= MaxPending)
        {
            throw new BrokenInvariantException($"{MaxPending} events were added without a flush");
        }

        if (current.IsFull)
        {
            pending.Enqueue(current);
            current = spare.TryPop(out var cleared) ? cleared : new(logIdentity);
        }

        current.Add(source, offset, record);
        positions[source] = offset + 1;
        Pending++;
    }

    /// <summary>Appends all that was added. Blocks, and while the event log is away tries again with growing pauses (100 ms to 5 s).</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> came first; what was not appended stays pending.</exception>
    public void Flush(CancellationToken stop)
    {
        if (current.Entries.Count > 0)
        {
            pending.Enqueue(current);
            current = spare.TryPop(out var cleared) ? cleared : new(logIdentity);
        }

        while (pending.TryPeek(out var batch))
        {
            var result = Persist(() => log.AppendAsync(batch, stop), stop);
            Keep(result.Positions);
            pending.Dequeue();
            Pending -= batch.Entries.Count;
            batch.Clear();
            spare.Push(batch);
            status = new SinkStatus.Ok(Pending);
        }
    }

    void Keep(IReadOnlyDictionary<SourcePartition, long> stored)
    {
        foreach (var (source, next) in stored)
        {
            positions[source] = Math.Max(next, positions.GetValueOrDefault(source));
        }
    }

    T Persist<T>(Func<Task<T>> call, CancellationToken stop)
    {
        UtcInstant? since = null;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                return call().GetAwaiter().GetResult();
            }
            catch (EnvironmentFailedException e)
            {
                since ??= UtcInstant.Now(time);
                status = new SinkStatus.Waiting(since.Value, e.Message, Pending);
            }

            Task.Delay(pause, time, stop).GetAwaiter().GetResult();
        }
    }
}
