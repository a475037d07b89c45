using StreamSettle.Delivery.Options;

namespace StreamSettle.Delivery.Channels;

/// <summary>How many calls of one lane may be under way at once: a batch full, where the system works through it in order and was not seen to break that; else one.</summary>
internal sealed class RunLimit(DownstreamOptions options, BatchSizing sizing)
{
    int fitted = options.MostOfLane;

    internal int Most => options.BatchOrder == BatchOrder.InOrder && Breach is null ? sizing.Size : 1;

    /// <summary>How the system broke what it promises of its order, the first time since the start; null while it was not seen to.</summary>
    internal string? Breach { get; private set; }

    /// <summary>Takes up what an answer says of the system's order.</summary>
    internal void Judge(ReadAnswer answer) => Breach ??= answer.BrokenPromise;

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
