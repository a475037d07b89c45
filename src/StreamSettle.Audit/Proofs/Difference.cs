namespace StreamSettle.Audit.Proofs;

/// <summary>From where on events and kept leaves are not the same, and some of both, by which the kind of difference is told. Not thread-safe.</summary>
/// <param name="place">The first place that differs.</param>
/// <param name="before">Sequence number of the last event that is the same; 0 where the first differs.</param>
internal sealed class Difference(long place, long before)
{
    /// <summary>How many events may be missing, too much or altered in a row for the kind to be told.</summary>
    public const int Window = 1024;

    readonly List<(long Sequence, TreeHash Leaf)> events = [];
    readonly List<TreeHash> kept = [];

    public long Place => place;

    public bool HasAllEvents => events.Count == Window;

    public bool HasAllKept => kept.Count == Window;

    public void AddEvent(long sequence, TreeHash leaf)
    {
        if (!HasAllEvents)
        {
            events.Add((sequence, leaf));
        }
    }

    public void AddKept(TreeHash leaf)
    {
        if (!HasAllKept)
        {
            kept.Add(leaf);
        }
    }

    /// <summary>What was done, the kept leaves being right.</summary>
    public Break Tell()
    {
        if (events.Count == 0)
        {
            return new($"after event {before}", $"the event at place {place} and all behind it are missing");
        }

        var first = events[0].Sequence;
        var inserted = kept.Count == 0 ? -1 : events.FindIndex(one => one.Leaf == kept[0]);
        var missing = kept.IndexOf(events[0].Leaf);
        var here = $"event {first} (place {place})";
        return (inserted, missing) switch
        {
            ( > 0, > 0) => new(here, "it stood elsewhere: events were put into another order", first),
            ( > 0, _) => new(here, Count(inserted, "it was not there when this was sealed: an event was put in", "it was not there when this was sealed: {0} events were put in"), first),
            (_, > 0) => new($"between event {before} and event {first}", Count(missing, $"an event is missing, at place {place}", $"{{0}} events are missing, from place {place} on")),
            _ => new(here, Count(Altered(), "it is another than when it was sealed: it was altered, or put in another's place", "it is another than when it was sealed, and so are those behind it, {0} in all: they were altered, or put in others' places"), first),
        };
    }

    int Altered()
    {
        var same = 0;
        while (same < Math.Min(events.Count, kept.Count) && events[same].Leaf != kept[same])
        {
            same++;
        }

        return same;
    }

    static string Count(int count, string one, string many) =>
        count == 1 ? one : many.Replace("{0}", count >= Window ? $"{Window} or more" : $"{count}", StringComparison.Ordinal);
}
