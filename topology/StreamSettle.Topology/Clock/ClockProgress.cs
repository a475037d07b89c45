using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Up to which mark each clock task has fired in this run, up to where it knows transactions of the source to be whole, and up to which mark anybody needs to know. Settle releases orders only below the
/// <see cref="Watermark"/>, in order of their marks: that keeps the order within a merchant's lane although its orders fire in different tasks (I5).
/// Each time the gate has been closed it begins anew: what was fired before says nothing about what was read since.
/// Written by the global store's updater, read by all tasks without a lock.
/// </summary>
public sealed class ClockProgress(int partitions)
{
    volatile FiredThrough fired = new(0, partitions);
    long requested = long.MinValue;
    long requests;
    long reports;

    /// <summary>Clock tasks.</summary>
    public int Partitions => partitions;

    /// <summary>How often one of them has reported: what was read before another report is not the latest any more.</summary>
    public long Reports => Volatile.Read(ref reports);

    /// <summary>Every order with a mark up to here has been handed over by all clock tasks in that epoch of the gate; <see cref="UtcInstant.MinValue"/> before.</summary>
    public UtcInstant Watermark(long epoch) => fired is { } now && now.Epoch == epoch ? now.Lowest : UtcInstant.MinValue;

    /// <summary>The highest mark that somebody waits for: clock tasks that have not reached it report when they do.</summary>
    public UtcInstant Requested => new(Volatile.Read(ref requested));

    /// <summary>How many requests there were: a clock task answers each once, also when it reported that before, since who asks may have come later.</summary>
    public long Requests => Volatile.Read(ref requests);

    /// <summary>Up to which offset each clock task has processed whole transactions in that epoch of the gate; 0 before it said so.</summary>
    public void ProvenEnds(long epoch, Span<long> into)
    {
        into.Clear();
        if (fired is { } now && now.Epoch == epoch)
        {
            now.ProvenEnds(into);
        }
    }

    public void Fired(int partition, UtcInstant through, long provenEnd, long epoch)
    {
        if (epoch > fired.Epoch)
        {
            fired = new(epoch, partitions);
        }

        if (epoch == fired.Epoch)
        {
            fired.Raise(partition, through, provenEnd);
            Interlocked.Increment(ref reports);
        }
    }

    public void Request(UtcInstant mark)
    {
        if (mark.Microseconds > Volatile.Read(ref requested))
        {
            Volatile.Write(ref requested, mark.Microseconds);
        }

        Interlocked.Increment(ref requests);
    }

    /// <summary>The reports of one epoch.</summary>
    sealed class FiredThrough
    {
        readonly long[] through;
        readonly long[] provenEnds;

        public FiredThrough(long epoch, int partitions)
        {
            Epoch = epoch;
            through = new long[partitions];
            provenEnds = new long[partitions];
            Array.Fill(through, UtcInstant.MinValue.Microseconds);
        }

        public long Epoch { get; }

        public UtcInstant Lowest
        {
            get
            {
                var lowest = long.MaxValue;
                for (var i = 0; i < through.Length; i++)
                {
                    lowest = Math.Min(lowest, Volatile.Read(ref through[i]));
                }

                return new(lowest);
            }
        }

        public void ProvenEnds(Span<long> into)
        {
            for (var i = 0; i < provenEnds.Length; i++)
            {
                into[i] = Volatile.Read(ref provenEnds[i]);
            }
        }

        public void Raise(int partition, UtcInstant to, long provenEnd)
        {
            Raise(ref through[partition], to.Microseconds);
            Raise(ref provenEnds[partition], provenEnd);
        }

        static void Raise(ref long known, long to)
        {
            if (to > Volatile.Read(ref known))
            {
                Volatile.Write(ref known, to);
            }
        }
    }
}
