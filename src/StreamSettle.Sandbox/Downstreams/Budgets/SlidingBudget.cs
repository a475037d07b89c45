namespace StreamSettle.Sandbox.Downstreams.Budgets;

/// <summary>Counts every request over a window that slides, and so sees what a fixed window would let pass (I11).</summary>
internal sealed class SlidingBudget(int limit, TimeSpan window, TimeProvider time)
{
    readonly Lock gate = new();
    readonly Queue<long> arrivals = new();
    readonly long windowTicks = (long)(window.TotalSeconds * time.TimestampFrequency);

    /// <summary>Takes note of a request. A request beyond the limit counts too: it arrived.</summary>
    public BudgetState Take()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            while (arrivals.TryPeek(out var oldest) && now - oldest >= windowTicks)
            {
                arrivals.Dequeue();
            }

            arrivals.Enqueue(now);
            var resets = TimeSpan.FromSeconds((double)(windowTicks - (now - arrivals.Peek())) / time.TimestampFrequency);
            return new(limit, window, Math.Max(0, limit - arrivals.Count), resets, Exceeded: arrivals.Count > limit);
        }
    }
}
