using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Clock;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// How far the clock tasks are, as settle may rely on it: what they reported counts only when everything that they wrote before it has been processed here, so no
/// older mark of the same merchant, and no end of a transaction, can come later (I5). It begins anew each time the gate has been closed.
/// </summary>
sealed class SettleHorizon(ProcessorContext context, ClockProgress progress, string dueTopic)
{
    readonly long[] provenEnds = new long[progress.Partitions];
    readonly long[] nextProvenEnds = new long[progress.Partitions];
    UtcInstant nextWatermark = UtcInstant.MinValue;
    SourceEpoch? epoch;
    long reports;
    long? needs;

    /// <summary>Every order with a mark up to here has come.</summary>
    public UtcInstant Watermark { get; private set; } = UtcInstant.MinValue;

    /// <summary>More transactions are whole than before the last <see cref="Follow"/>, or it begins anew.</summary>
    public bool ProvesMore { get; private set; }

    /// <summary>The changes of a clock task's orders below this offset are of whole transactions, and all that they say has come.</summary>
    public bool IsWhole(int clockTask, long nextOffset) => nextOffset <= provenEnds[clockTask];

    /// <summary>Takes up what was reported in this epoch of the gate.</summary>
    public void Follow(SourceEpoch now)
    {
        ProvesMore = now != epoch;
        if (ProvesMore)
        {
            // The gate was closed in between: what changed meanwhile comes by the clocks before they reach a mark anew.
            (epoch, Watermark, needs, reports) = (now, UtcInstant.MinValue, null, 0);
            Array.Clear(provenEnds);
        }

        TakeUp();
        if (needs is null && progress.Reports is var latest && latest != reports)
        {
            reports = latest;
            nextWatermark = progress.Watermark(now);
            progress.ProvenEnds(now, nextProvenEnds);
            needs = context.EndOffset(dueTopic);
            TakeUp();
        }
    }

    void TakeUp()
    {
        if (needs is { } end && context.Position(dueTopic) >= end)
        {
            (Watermark, needs) = (nextWatermark, null);
            ProvesMore |= !nextProvenEnds.AsSpan().SequenceEqual(provenEnds);
            nextProvenEnds.CopyTo(provenEnds, 0);
        }
    }
}
