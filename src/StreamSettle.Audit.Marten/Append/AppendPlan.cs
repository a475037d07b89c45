using System.Runtime.InteropServices;
using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Marten.Append;

/// <summary>What an append will write, made from what the locked rows say. Pure but for the lists it fills.</summary>
internal sealed class AppendPlan
{
    readonly Dictionary<OrderId, StreamPlan> streams = [];

    /// <summary>The batch's events that lie at or above the stored positions, before duplicates are taken out.</summary>
    public List<BatchEntry> Candidates { get; } = [];

    /// <summary>What is written, in the batch's order.</summary>
    public List<PlannedEvent> Events { get; } = [];

    /// <summary>The touched streams' ids, sorted, so that two writers lock them in one order.</summary>
    public string[] StreamIds { get; private set; } = [];

    /// <summary>Events that are new, and streams that are new, by index of the batch's sources.</summary>
    public (long Events, long Streams)[] Counts { get; private set; } = [];

    public IEnumerable<StreamPlan> Streams => streams.Values;

    /// <summary>Keeps what the positions let through.</summary>
    /// <param name="storedOffsets">By index of the batch's sources.</param>
    public static AppendPlan From(EventBatch batch, long[] storedOffsets)
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
                plan.streams.Add(entry.Order, new(entry.Order.ToString()));
            }
        }

        plan.StreamIds = [.. plan.streams.Values.Select(stream => stream.Id).Order(StringComparer.Ordinal)];
        return plan;
    }

    /// <summary>Gives versions to what is new.</summary>
    /// <param name="lastVersions">Of the streams that exist, by id.</param>
    /// <param name="known">Ids that the streams have already.</param>
    public void Number(IReadOnlyDictionary<string, long> lastVersions, HashSet<Guid> known)
    {
        foreach (var stream in streams.Values)
        {
            stream.Start(lastVersions.TryGetValue(stream.Id, out var version) ? version : null);
        }

        foreach (var entry in Candidates)
        {
            // Added as it goes, so that a batch which holds an event twice writes it once.
            if (!known.Add(entry.Id))
            {
                continue;
            }

            var stream = streams[entry.Order];
            ref var counts = ref Counts[entry.Source];
            counts.Streams += stream.IsNew && stream.Added == 0 ? 1 : 0;
            counts.Events++;
            Events.Add(new(entry, stream.Id, stream.Next()));
        }
    }
}
