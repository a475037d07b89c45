namespace StreamSettle.Streams.Embedded;

/// <summary>Lets one thread wait for news (more records, another assignment) or for a wake-up, which ends the wait that is or the next one.</summary>
internal sealed class WakeSignal
{
    readonly object gate = new();
    long news;
    bool woken;

    /// <summary>Counts <see cref="Tell"/>; to be read before looking, so that nothing between looking and waiting is missed.</summary>
    public long News => Volatile.Read(ref news);

    public void Tell()
    {
        lock (gate)
        {
            news++;
            Monitor.Pulse(gate);
        }
    }

    public void Wake()
    {
        lock (gate)
        {
            woken = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>True for news since <paramref name="seen"/>; false when woken or at <paramref name="deadlineMs"/> of the tick count.</summary>
    public bool WaitForNews(long seen, long deadlineMs)
    {
        lock (gate)
        {
            while (true)
            {
                if (woken)
                {
                    woken = false;
                    return false;
                }

                if (news != seen)
                {
                    return true;
                }

                var left = deadlineMs - Environment.TickCount64;
                if (left <= 0)
                {
                    return false;
                }

                Monitor.Wait(gate, (int)Math.Min(left, int.MaxValue));
            }
        }
    }
}
