using StreamSettle.Delivery.Options;

namespace StreamSettle.Delivery.Channels;

/// <summary>How many calls of one lane may be under way at once: a batch full, where the system works through it in order and was not seen to break that; else one.</summary>
internal sealed class RunLimit(DownstreamOptions options, BatchSizing sizing)
{
    bool isBroken;
    int fitted = options.MostOfLane;

    internal int Most => options.BatchOrder == BatchOrder.InOrder && !isBroken ? sizing.Size : 1;

    /// <summary>Takes up what an answer says of the system's order.</summary>
    internal void Judge(ReadAnswer answer) => isBroken |= answer.BrokenPromise is not null;

    /// <summary>Where fewer may go than when the waiting ones were marked, those behind are taken out: they would go beside the first of their lane.</summary>
    internal IReadOnlyList<OutboundCall> Fit(SendQueue queue)
    {
        if (Most >= fitted)
        {
            return [];
        }

        fitted = Most;
        var place = new PlaceInRun();
        return queue.Remove(call => place.Of(call) >= fitted, sizing.Size);
    }
}
