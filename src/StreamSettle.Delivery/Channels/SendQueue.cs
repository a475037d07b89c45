using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Channels;

/// <summary>Committed calls on their way into requests. Calls of one lane that stand behind one another are a run: they go in one request. Not thread-safe.</summary>
internal sealed class SendQueue(Leg leg, DownstreamOptions options)
{
    /// <summary>Runs that are passed in search of shorter ones with which a batch would be full, at most. One that is passed is first of the next batch.</summary>
    const int MostPassed = 16;

    readonly int batchBytes = options.BatchBytes;
    readonly bool isInOrder = options.BatchOrder == BatchOrder.InOrder;
    readonly Queue<OutboundCall> single = new();
    readonly LinkedList<OutboundCall> forBatches = new();
    readonly HashSet<(long Merchant, Lane Lane)> lanesInBatch = [];
    readonly string path = DownstreamPaths.Of(leg);
    readonly string batchPath = DownstreamPaths.BatchOf(leg);

    long bytesForBatches;

    internal int Count => single.Count + forBatches.Count;

    /// <summary>Calls that take a request each.</summary>
    internal int SingleCount => single.Count;

    /// <summary>Calls that wait for company.</summary>
    internal int BatchableCount => forBatches.Count;

    internal void Add(OutboundCall call, int batchSize)
    {
        if (batchSize > 1 && call.Body is not null && !call.Singly && !call.IsPatch && BatchBody.Frame + BatchBody.LengthOf(call) <= batchBytes)
        {
            forBatches.AddLast(call);
            bytesForBatches += BatchBody.LengthOf(call);
        }
        else
        {
            single.Enqueue(call);
        }
    }

    /// <summary>The next request, or null when nothing waits or a batch may still fill up.</summary>
    /// <param name="asItIs">A batch goes that is not full.</param>
    internal DownstreamRequest? Next(DownstreamChannel channel, int batchSize, bool asItIs)
    {
        if (single.TryDequeue(out var call))
        {
            return Single(channel, call);
        }

        if (forBatches.Count == 0 || (forBatches.Count < batchSize && BatchBody.Frame + bytesForBatches < batchBytes && !asItIs))
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
        bytesForBatches = 0;
        return all;
    }

    /// <summary>Takes some out.</summary>
    internal IReadOnlyList<OutboundCall> Remove(Predicate<OutboundCall> which, int batchSize)
    {
        List<OutboundCall> removed = [];
        foreach (var call in Drain())
        {
            if (which(call))
            {
                removed.Add(call);
            }
            else
            {
                Add(call, batchSize);
            }
        }

        return removed;
    }

    DownstreamRequest Single(DownstreamChannel channel, OutboundCall call) =>
        new(channel, [call], call.Body is null || call.IsPatch ? DownstreamPaths.Recorded(call.Key) : path, call.Body, isBatch: false);

    OutboundCall TakeFirst()
    {
        var first = forBatches.First!.Value;
        Forget(forBatches.First!);
        return first;
    }

    // Of a system that promises no order at most one call of a merchant and lane is in a batch: where no order is asked for either, others of the lane wait for the next.
    DownstreamRequest Batch(DownstreamChannel channel, int batchSize)
    {
        var calls = new List<OutboundCall>(Math.Min(batchSize, forBatches.Count));
        long length = BatchBody.Frame;
        var passed = 0;
        lanesInBatch.Clear();
        for (var node = forBatches.First; node is not null && calls.Count < batchSize && passed < MostPassed;)
        {
            var (run, next) = Run(node);
            length += run.Length;
            if (length > batchBytes)
            {
                // It is first of the next one: no call waits for smaller ones.
                break;
            }

            if (calls.Count + run.Count > batchSize)
            {
                length -= run.Length;
                passed++;
            }
            else if (isInOrder || lanesInBatch.Add((node.Value.Lane.Merchant.Value, node.Value.Lane.Lane)))
            {
                Take(node, run.Count, calls);
            }
            else
            {
                length -= run.Length;
            }

            node = next;
        }

        OutboundCall[] batch = [.. calls];
        return new(channel, batch, batchPath, BatchBody.Write(batch), isBatch: true) { IsInOrder = isInOrder };
    }

    /// <summary>The calls of one lane from a place on, and what comes behind them.</summary>
    static ((int Count, long Length) Run, LinkedListNode<OutboundCall>? Next) Run(LinkedListNode<OutboundCall> first)
    {
        var (count, length) = (1, BatchBody.LengthOf(first.Value));
        var next = first.Next;
        while (next is not null && next.Value.Lane == first.Value.Lane)
        {
            (count, length) = (count + 1, length + BatchBody.LengthOf(next.Value));
            next = next.Next;
        }

        return ((count, length), next);
    }

    void Take(LinkedListNode<OutboundCall> first, int count, List<OutboundCall> into)
    {
        for (var node = first; count > 0; count--)
        {
            var next = node.Next;
            into.Add(node.Value);
            Forget(node);
            node = next!;
        }
    }

    void Forget(LinkedListNode<OutboundCall> node)
    {
        bytesForBatches -= BatchBody.LengthOf(node.Value);
        forBatches.Remove(node);
    }
}
