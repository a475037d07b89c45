using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Clock;

/// <summary>The clock's punctuation: while the gate is open it fires what is due, and reports up to where it has.</summary>
sealed class ClockPunctuator(ProcessorContext context, ClockSweep sweep, ClockFiring firing, ClockOutputs outputs, ClockReports reports, SettlementPorts ports)
{
    readonly string ordersTopic = Topics.Orders(ports.SourcePrefix);
    UtcInstant reported = UtcInstant.MinValue;
    SourceEpoch? reportedEpoch;
    long reportedEnd;
    long toldEnd;
    long answered;

    public void Punctuate(UtcInstant now)
    {
        // Until the walk has come to its end settle may hold orders that are gone and not told so yet: no mark is reported as passed.
        if (!sweep.Walk(now))
        {
            ports.Gate.StandsAt(context.Task, null);
            return;
        }

        if (!ports.Gate.MayFire(context.Task.Partition, context.Position(ordersTopic), out var epoch, out var provenEnd))
        {
            ports.Gate.StandsAt(context.Task, null);
            TellClosed(epoch, provenEnd);
            return;
        }

        if (epoch != reportedEpoch)
        {
            (reportedEpoch, reported, reportedEnd) = (epoch, UtcInstant.MinValue, 0);
        }

        var (fired, through, last, waits) = firing.Fire(now, provenEnd);
        ports.Gate.StandsAt(context.Task, waits);
        var requests = ports.Progress.Requests;
        // An order that is first known after its mark and waits lies below what was reported: those with later marks wait for it from now on.
        if (reports.AreDue(fired) || through < reported || requests != answered || ports.Progress.Requested > reported || IsAwaited(epoch, provenEnd))
        {
            (reported, answered, reportedEnd, toldEnd) = (through, requests, provenEnd, provenEnd);
            reports.Fired(provenEnd, through, last);
        }
    }

    /// <summary>
    /// Settle was given changes that it may decide over by now. Once an epoch it is told anyway: what it was given before is not remembered. A report from below
    /// where the epoch began does not count for it, so another one follows. Gates of other processes are told of all progress.
    /// </summary>
    bool IsAwaited(SourceEpoch epoch, long provenEnd) => provenEnd > reportedEnd
        && (reportedEnd == 0 || reportedEnd < epoch.From[context.Task.Partition] || outputs.ChangesEnd > reportedEnd || ports.Gate.IsShared);

    /// <summary>
    /// While nothing fires orders may become known whose marks were reported as passed, so that is taken back: else one that is handed over when firing goes on would be calculated
    /// before an older one that another task has still to hand over. Gates of other processes open by where we stand, as ours does by where they do.
    /// </summary>
    /// <param name="epoch">Null where it has ended: nothing is proven then, and what was reported in it does not count in the next one.</param>
    void TellClosed(SourceEpoch? epoch, long provenEnd)
    {
        var isTakenBack = epoch is not null && reported > UtcInstant.MinValue;
        if (isTakenBack || (provenEnd > toldEnd && ports.Gate.IsShared))
        {
            (reported, reportedEnd, toldEnd) = (UtcInstant.MinValue, 0, provenEnd);
            reports.Fired(provenEnd, UtcInstant.MinValue, last: null);
        }
    }
}
