using System.Diagnostics;

namespace StreamSettle.Streams.Embedded;

/// <summary>Lets one thread wait for news (more records, another assignment) or for a wake-up, which ends the wait that is or the next one.</summary>
/// <remarks>Whoever tells while nobody waits takes no lock: news are counted first, and a waiter says that it waits before it looks at the count.</remarks>
internal sealed class WakeSignal
{
    readonly object gate = new();
    long news;
    bool woken;
    bool isWaiting;

    /// <summary>Counts <see cref="Tell"/>; to be read before looking, so that nothing between looking and waiting is missed.</summary>
    public long News => Volatile.Read(ref news);

    public void Tell()
    {
        Interlocked.Increment(ref news);
        EndWait();
    }

    public void Wake()
    {
        Volatile.Write(ref woken, true);
        Interlocked.MemoryBarrier();
        EndWait();
    }

    /// <summary>True for news since <paramref name="seen"/>; false when woken or at <paramref name="deadline"/>.</summary>
    /// <param name="deadline">By <see cref="Stopwatch.GetTimestamp"/>, as the tick count stands still for some milliseconds at a time: a wait would end early and go on.</param>
    public bool WaitForNews(long seen, long deadline)
    {
        lock (gate)
        {
            try
            {
                while (true)
                {
                    Volatile.Write(ref isWaiting, true);
                    Interlocked.MemoryBarrier();
                    if (Volatile.Read(ref woken))
                    {
                        Volatile.Write(ref woken, false);
                        return false;
                    }

                    if (News != seen)
                    {
                        return true;
                    }

                    var leftMs = Math.Ceiling(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline).TotalMilliseconds);
                    if (leftMs <= 0)
                    {
                        return false;
                    }

                    Monitor.Wait(gate, (int)Math.Min(leftMs, int.MaxValue));
                }
            }
            finally
            {
                Volatile.Write(ref isWaiting, false);
            }
        }
    }

    /// <summary>The first to tell ends the wait, those after it have nothing to do.</summary>
    void EndWait()
    {
        if (!Volatile.Read(ref isWaiting))
        {
            return;
        }

        lock (gate)
        {
            Volatile.Write(ref isWaiting, false);
            Monitor.Pulse(gate);
        }
    }
}
