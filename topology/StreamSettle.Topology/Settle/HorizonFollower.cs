using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Settle;

/// <summary>Follows the clock tasks' reports while the gate is open, and requests those that somebody waits for.</summary>
sealed class HorizonFollower(ProcessorContext context, SettleOutputs outputs, SettlementPorts ports, SettleHorizon horizon)
{
    /// <summary>How long an answer from the clock tasks may take before it is requested again: one may have been of a task that was replaced meanwhile.</summary>
    static readonly TimeSpan RequestAgain = TimeSpan.FromSeconds(1);

    /// <summary>The same where clock tasks report by themselves, with the next mark of the source.</summary>
    static readonly TimeSpan RequestProof = TimeSpan.FromSeconds(5);

    MonotonicInstant? requested;
    MonotonicInstant movedAt = context.MonotonicTime;

    public SettleHorizon Horizon => horizon;

    /// <summary>False while the gate is closed.</summary>
    public bool Follow()
    {
        if (!ports.Gate.MayRelease(out var epoch))
        {
            return false;
        }

        horizon.Follow(epoch);
        movedAt = horizon.ProvesMore ? context.MonotonicTime : movedAt;
        return true;
    }

    /// <param name="first">The first mark that is awaited; null for none.</param>
    /// <param name="proof">The end of a transaction is awaited.</param>
    public void Request(UtcInstant? first, bool proof)
    {
        if (first is { } mark && mark > horizon.Watermark && (mark > ports.Progress.Requested || MayRequestAgain))
        {
            requested = context.MonotonicTime;
            outputs.RequestProgress(mark);
        }
        else if (proof && context.MonotonicTime - movedAt >= RequestProof)
        {
            movedAt = context.MonotonicTime;
            outputs.RequestProgress(horizon.Watermark);
        }
    }

    /// <summary>The order at which the task stands, and all with later marks behind it; null for none.</summary>
    public void StandsAt(OrderId? order) => ports.Gate.StandsAt(context.Task, order);

    bool MayRequestAgain => requested is not { } before || context.MonotonicTime - before >= RequestAgain;
}
