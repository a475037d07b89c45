using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Up to which mark the clock task of each partition has fired, up to where it knows transactions of the source to be whole, and up to which mark anybody needs to
/// know. Settle releases orders only below the <see cref="Watermark"/>, in order of their marks: that keeps the order within a merchant's lane although its orders
/// fire in different tasks (I5). What the global store <c>clock-progress</c> has, in memory: written where that is followed and where clock tasks begin, read by all
/// tasks without a lock.
/// </summary>
public sealed class ClockProgress
{
    readonly Lock changing = new();
    readonly Reported[] reported;
    long requested = long.MinValue;
    long requests;
    long reports;
    long firedAt = long.MinValue;

    public ClockProgress(int partitions)
    {
        reported = new Reported[partitions];
        Array.Fill(reported, Reported.Nothing(0));
    }

    /// <summary>Clock tasks.</summary>
    public int Partitions => reported.Length;

    /// <summary>How often one of them has begun or reported: what was read before another report is not the latest any more.</summary>
    public long Reports => Volatile.Read(ref reports);

    /// <summary>The highest mark that somebody waits for: clock tasks that have not reached it report when they do.</summary>
    public UtcInstant Requested => new(Volatile.Read(ref requested));

    /// <summary>How many requests there were: a clock task answers each once, also when it reported that before, since who asks may have come later.</summary>
    public long Requests => Volatile.Read(ref requests);

    /// <summary>A clock task of this process has fired, whatever becomes of its commit.</summary>
    public void Fires(MonotonicInstant now) => Volatile.Write(ref firedAt, now.Microseconds);

    /// <summary>Whether one of them has. A hint, and no more: a report that follows it is never wrong.</summary>
    public bool HasFiredSince(MonotonicInstant since) => Volatile.Read(ref firedAt) >= since.Microseconds;

    /// <summary>
    /// Every order with a mark up to here has been handed over by all clock tasks, with all that the source had changed when the epoch began taken into account;
    /// <see cref="UtcInstant.MinValue"/> before.
    /// </summary>
    public UtcInstant Watermark(SourceEpoch epoch)
    {
        var lowest = UtcInstant.MaxValue;
        for (var partition = 0; partition < reported.Length; partition++)
        {
            var through = In(epoch, partition) is { } last ? last.Through : UtcInstant.MinValue;
            lowest = through < lowest ? through : lowest;
        }

        return lowest;
    }

    /// <summary>Up to which offset each clock task has processed whole transactions; 0 where it has not said so of this epoch.</summary>
    public void ProvenEnds(SourceEpoch epoch, Span<long> into)
    {
        for (var partition = 0; partition < reported.Length; partition++)
        {
            into[partition] = In(epoch, partition)?.ProvenEnd ?? 0;
        }
    }

    /// <summary>The partition has a new task: what those before it reported says nothing of what this one does. False when there is a newer one.</summary>
    public bool Begin(int partition, long assignment)
    {
        lock (changing)
        {
            var present = reported[partition].Assignment;
            if (assignment > present)
            {
                Volatile.Write(ref reported[partition], Reported.Nothing(assignment));
                Volatile.Write(ref reports, reports + 1);
            }

            return assignment >= present;
        }
    }

    /// <summary>False, and nothing, when it is the report of a task that was replaced.</summary>
    public bool Fired(int partition, long assignment, long provenEnd, UtcInstant through)
    {
        lock (changing)
        {
            if (assignment < reported[partition].Assignment)
            {
                return false;
            }

            Volatile.Write(ref reported[partition], new(assignment, provenEnd, through));
            Volatile.Write(ref reports, reports + 1);
            return true;
        }
    }

    public void Request(UtcInstant mark)
    {
        lock (changing)
        {
            Volatile.Write(ref requested, Math.Max(requested, mark.Microseconds));
            Volatile.Write(ref requests, requests + 1);
        }
    }

    /// <summary>What the present task reported, if it had processed all that was read before the epoch began.</summary>
    Reported? In(SourceEpoch epoch, int partition)
    {
        var last = Volatile.Read(ref reported[partition]);
        return last.ProvenEnd >= epoch.From[partition] ? last : null;
    }

    /// <summary>The last report of the present task of a partition.</summary>
    sealed record Reported(long Assignment, long ProvenEnd, UtcInstant Through)
    {
        public static Reported Nothing(long assignment) => new(assignment, long.MinValue, UtcInstant.MinValue);
    }
}
