using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Up to which mark each clock task has fired in this run, and up to which mark anybody needs to know. Settle releases orders only below the
/// <see cref="Watermark"/>, in order of their marks: that keeps the order within a merchant's lane although its orders fire in different tasks (I5).
/// Written by the global store's updater, read by all tasks without a lock.
/// </summary>
public sealed class ClockProgress
{
    readonly long[] firedThrough;
    long wanted = long.MinValue;
    long wants;

    public ClockProgress(int partitions)
    {
        firedThrough = new long[partitions];
        Array.Fill(firedThrough, long.MinValue);
    }

    /// <summary>Every order with a mark up to here has been handed over by all clock tasks; <see cref="long.MinValue"/> microseconds before the first round.</summary>
    public UtcInstant Watermark
    {
        get
        {
            var lowest = long.MaxValue;
            for (var i = 0; i < firedThrough.Length; i++)
            {
                lowest = Math.Min(lowest, Volatile.Read(ref firedThrough[i]));
            }

            return new(lowest);
        }
    }

    /// <summary>The highest mark that somebody waits for: clock tasks that have not reached it say when they do.</summary>
    public UtcInstant Wanted => new(Volatile.Read(ref wanted));

    /// <summary>How often somebody asked: a clock task answers each once, also when it said so before, since who asks may have come later.</summary>
    public long Wants => Volatile.Read(ref wants);

    public void Fired(int partition, UtcInstant through)
    {
        if (through.Microseconds > Volatile.Read(ref firedThrough[partition]))
        {
            Volatile.Write(ref firedThrough[partition], through.Microseconds);
        }
    }

    public void Want(UtcInstant mark)
    {
        if (mark.Microseconds > Volatile.Read(ref wanted))
        {
            Volatile.Write(ref wanted, mark.Microseconds);
        }

        Interlocked.Increment(ref wants);
    }
}
