using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Channels;

/// <summary>Committed calls on their way into requests. Not thread-safe.</summary>
internal sealed class SendQueue(Leg leg)
{
    readonly Queue<OutboundCall> single = new();
    readonly LinkedList<OutboundCall> forBatches = new();
    readonly HashSet<(long Merchant, Lane Lane)> lanesInBatch = [];
    readonly string path = DownstreamPaths.Of(leg);
    readonly string batchPath = DownstreamPaths.BatchOf(leg);

    internal int Count => single.Count + forBatches.Count;

    /// <summary>Calls that wait for company.</summary>
    internal int BatchableCount => forBatches.Count;

    internal void Add(OutboundCall call, int batchSize)
    {
        if (batchSize > 1 && call.Body is not null && !call.Singly)
        {
            forBatches.AddLast(call);
        }
        else
        {
            single.Enqueue(call);
        }
    }

    /// <summary>The next request, or null when nothing waits or a batch may still fill up.</summary>
    /// <param name="flush">Batches have waited long enough and go as they are.</param>
    internal DownstreamRequest? Next(DownstreamChannel channel, int batchSize, bool flush)
    {
        if (single.TryDequeue(out var call))
        {
            return Single(channel, call);
        }

        if (forBatches.Count == 0 || (forBatches.Count < batchSize && !flush))
        {
            return null;
        }

        return batchSize > 1 ? Batch(channel, batchSize) : Single(channel, TakeFirst());
    }

    /// <summary>Takes everything out.</summary>
    internal IReadOnlyList<OutboundCall> Drain()
    {
        OutboundCall[] all = [.. single, .. forBatches];
        single.Clear();
        forBatches.Clear();
        return all;
    }

    /// <summary>Takes out what <paramref name="member"/> brought.</summary>
    /// <returns>How many.</returns>
    internal int Remove(ChannelMember member, int batchSize)
    {
        var before = Count;
        foreach (var call in Drain())
        {
            if (call.Member != member)
            {
                Add(call, batchSize);
            }
        }

        return before - Count;
    }

    DownstreamRequest Single(DownstreamChannel channel, OutboundCall call) =>
        new(channel, [call], call.Body is null ? DownstreamPaths.Recorded(call.Key) : path, call.Body, isBatch: false);

    OutboundCall TakeFirst()
    {
        var first = forBatches.First!.Value;
        forBatches.RemoveFirst();
        return first;
    }

    // At most one call of a merchant and lane is in a batch: where no order is asked for, others of the lane wait for the next.
    DownstreamRequest Batch(DownstreamChannel channel, int batchSize)
    {
        var calls = new List<OutboundCall>(Math.Min(batchSize, forBatches.Count));
        lanesInBatch.Clear();
        for (var node = forBatches.First; node is not null && calls.Count < batchSize;)
        {
            var (next, call) = (node.Next, node.Value);
            if (lanesInBatch.Add((call.Lane.Merchant.Value, call.Lane.Lane)))
            {
                calls.Add(call);
                forBatches.Remove(node);
            }

            node = next;
        }

        OutboundCall[] batch = [.. calls];
        return new(channel, batch, batchPath, BatchBody.Write(batch), isBatch: true);
    }
}
