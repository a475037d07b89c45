using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.EventLog;

/// <summary>The buffer between one stream thread and the event log. All but <see cref="Status"/> belongs to that thread.</summary>
/// <remarks>
/// The thread adds what it polled, flushes, and then commits its own positions; a crash in between only repeats what the event log leaves out. The event log's positions
/// are read before the first record, by that thread, where waiting for the database holds up nobody else.
/// </remarks>
/// <param name="logIdentity">The log that the records come from.</param>
/// <param name="stop">Ends every wait for an event log that is away.</param>
public sealed class AuditSink(IEventLog log, Guid logIdentity, TimeProvider time, CancellationToken stop)
{
    /// <summary>Most events between two flushes: a stream thread's poll is far below it.</summary>
    public const int MaxPending = 64 * EventBatch.MaxEvents;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // Next offsets, those of what is pending included: a partition that is read again after an aborted commit adds nothing twice.
    readonly Dictionary<SourcePartition, long> positions = [];
    readonly Queue<EventBatch> pending = [];
    readonly Stack<EventBatch> spare = [];
    EventBatch current = new(logIdentity);
    bool knowsPositions;
    volatile SinkStatus? status;

    /// <summary>How the event log is reached; null before the first record. Readable from any thread.</summary>
    public SinkStatus? Status => status;

    /// <summary>Events added since the last flush.</summary>
    public int Pending { get; private set; }

    /// <summary>Copies a record of <c>settlement-events</c>; one that the event log has, or that is pending, is left out. The first one waits for the event log while it is away.</summary>
    /// <exception cref="OperationCanceledException">The stop came first.</exception>
    /// <exception cref="CorruptStateException">The record is no event of ours.</exception>
    /// <exception cref="BrokenInvariantException">More than <see cref="MaxPending"/> without a flush.</exception>
    public void Add(string topic, int partition, long offset, ReadOnlySpan<byte> record)
    {
        if (!knowsPositions)
        {
            Keep(Persist(() => log.ReadPositionsAsync(logIdentity, stop)));
            status = new SinkStatus.Ok(0);
            knowsPositions = true;
        }

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
    /// <exception cref="OperationCanceledException">The stop came first; what was not appended stays pending.</exception>
    public void Flush()
    {
        if (current.Entries.Count > 0)
        {
            pending.Enqueue(current);
            current = spare.TryPop(out var cleared) ? cleared : new(logIdentity);
        }

        while (pending.TryPeek(out var batch))
        {
            var result = Persist(() => log.AppendAsync(batch, stop));
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

    T Persist<T>(Func<Task<T>> call)
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
