using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Marten.Append;

/// <summary>
/// The streams that were appended to last, as that left them: whoever finds a stream at the version given here knows the ids of all its events without reading them. Thread-safe.
/// </summary>
/// <remarks>
/// An order's events come in a few appends within seconds of its mark. It is no more than a guess: another writer may have gone on since, or a commit's answer was lost, so that
/// an append by it counts only where the stream's row still has this version.
/// </remarks>
/// <param name="most">Streams that are remembered, at most; of those beyond it the ones not asked for longest go, in halves.</param>
internal sealed class RecentStreams(int most)
{
    /// <summary>A stream that is longer is read: its ids would cost more memory than the time they save is worth.</summary>
    const int MostEvents = 64;

    readonly Lock gate = new();
    Dictionary<OrderId, RecentStream> young = [];
    Dictionary<OrderId, RecentStream> old = [];

    public RecentStream? Find(OrderId order)
    {
        lock (gate)
        {
            if (young.TryGetValue(order, out var found))
            {
                return found;
            }

            if (old.Remove(order, out found))
            {
                Add(order, found);
            }

            return found;
        }
    }

    /// <summary>What an append that is committed has left.</summary>
    public void Keep(IEnumerable<StreamPlan> streams)
    {
        lock (gate)
        {
            foreach (var stream in streams)
            {
                old.Remove(stream.Order);
                if (stream.EndsHere || stream.Known.Count > MostEvents)
                {
                    young.Remove(stream.Order);
                }
                else
                {
                    Add(stream.Order, new(stream.LastVersion, [.. stream.Known]));
                }
            }
        }
    }

    /// <summary>They are not as they were left.</summary>
    public void Forget(IEnumerable<StreamPlan> streams)
    {
        lock (gate)
        {
            foreach (var stream in streams)
            {
                young.Remove(stream.Order);
                old.Remove(stream.Order);
            }
        }
    }

    void Add(OrderId order, RecentStream stream)
    {
        if (young.Count >= most / 2 && !young.ContainsKey(order))
        {
            (old, young) = (young, []);
        }

        young[order] = stream;
    }
}
