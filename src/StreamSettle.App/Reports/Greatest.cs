namespace StreamSettle.App.Reports;

/// <summary>Keeps the few greatest of many, so that a report for people is as long as one can read and costs no memory for the rest.</summary>
/// <param name="most">How many.</param>
sealed class Greatest<T>(int most)
{
    readonly PriorityQueue<(T Item, long Number), (Int128 Weight, long Age)> kept = new();
    long seen;

    /// <summary>How many came by, kept or not.</summary>
    public long Seen => seen;

    public void Add(T item, Int128 weight)
    {
        // Of equal ones the earlier stay.
        kept.Enqueue((item, seen), (weight, -seen));
        seen++;
        if (kept.Count > most)
        {
            kept.Dequeue();
        }
    }

    /// <summary>The greatest first.</summary>
    public IReadOnlyList<T> Items() =>
        [.. kept.UnorderedItems.OrderByDescending(one => one.Priority).Select(one => one.Element.Item)];
}
