using System.Runtime.InteropServices;
using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Marten.Append;

/// <summary>What an append will write, made from what the locked rows say and what is remembered of streams. Pure but for the lists it fills.</summary>
internal sealed class AppendPlan
{
    readonly Dictionary<OrderId, StreamPlan> streams = [];
    long?[] versions = [];

    /// <summary>The batch's events that lie at or above the stored positions, before duplicates are taken out.</summary>
    public List<BatchEntry> Candidates { get; } = [];

    /// <summary>What is written, in the batch's order.</summary>
    public List<PlannedEvent> Events { get; } = [];

    /// <summary>The touched streams of which nothing is remembered, sorted, so that two writers lock them in one order.</summary>
    public StreamPlan[] Unread { get; private set; } = [];

    /// <summary>Those of which something is remembered and that grow, sorted as well.</summary>
    public StreamPlan[] Recalled { get; private set; } = [];

    /// <summary>Events that are new, and streams that are new, by index of the batch's sources.</summary>
    public (long Events, long Streams)[] Counts { get; private set; } = [];

    public IReadOnlyCollection<StreamPlan> Streams => streams.Values;

    /// <summary>Keeps what the positions let through, and numbers what can be numbered by what is remembered.</summary>
    /// <param name="storedOffsets">By index of the batch's sources.</param>
    public static AppendPlan From(EventBatch batch, long[] storedOffsets, RecentStreams recent)
    {
        var plan = new AppendPlan { Counts = new (long, long)[batch.Sources.Count] };
        foreach (var entry in CollectionsMarshal.AsSpan((List<BatchEntry>)batch.Entries))
        {
            if (entry.Offset < storedOffsets[entry.Source])
            {
                continue;
            }

            plan.Candidates.Add(entry);
            if (!plan.streams.ContainsKey(entry.Order))
            {
                plan.Open(new(entry.Order), recent);
            }
        }

        plan.versions = new long?[plan.Candidates.Count];
        plan.Number(isRecalled: true);
        plan.Unread = [.. plan.streams.Values.Where(stream => !stream.IsRecalled).OrderBy(stream => stream.Id, StringComparer.Ordinal)];
        plan.Recalled = [.. plan.streams.Values.Where(stream => stream is { IsRecalled: true, Added: > 0 }).OrderBy(stream => stream.Id, StringComparer.Ordinal)];
        return plan;
    }

    /// <summary>Gives versions to what is new of the others, by what was read of them.</summary>
    public void Complete()
    {
        Number(isRecalled: false);
        for (var i = 0; i < versions.Length; i++)
        {
            if (versions[i] is { } version)
            {
                var entry = Candidates[i];
                var stream = streams[entry.Order];
                ref var counts = ref Counts[entry.Source];
                counts.Streams += stream.IsNew && version == 1 ? 1 : 0;
                counts.Events++;
                Events.Add(new(entry, stream.Id, version));
            }
        }
    }

    void Open(StreamPlan stream, RecentStreams recent)
    {
        streams.Add(stream.Order, stream);
        if (recent.Find(stream.Order) is { } known)
        {
            stream.Recall(known);
        }
    }

    void Number(bool isRecalled)
    {
        for (var i = 0; i < versions.Length; i++)
        {
            var (entry, stream) = (Candidates[i], streams[Candidates[i].Order]);
            if (stream.IsRecalled == isRecalled)
            {
                versions[i] = stream.Next(entry.Id, entry.Kind);
            }
        }
    }
}
