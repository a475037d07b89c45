using System.Diagnostics.CodeAnalysis;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Says whether marks may fire. Open while what stood in the source less than <c>Source:Silence</c> ago has been processed, so that what happened there counts,
/// at the start and ever after; closed while the source is lost or unfit, while the wall clock jumps, while a change waits to be read, and while the event log is too far behind (back-pressure).
/// Asked per task and punctuation, never per record. Thread-safe.
/// </summary>
/// <param name="silence">How long the source may be unheard.</param>
public sealed class FiringGate(ClockGuard guard, TimeProvider time, TimeSpan silence)
{
    readonly Lock sync = new();
    readonly SourceFreshness freshness = new(time, silence);
    readonly StandingTasks standing = new(time);
    ClosedReason? trouble;
    ClosedReason? unread;
    volatile string? pressure;

    /// <summary>The log says that it has everything up to the point.</summary>
    internal void SourceRead(ReadPoint point)
    {
        lock (sync)
        {
            freshness.Expire();
            freshness.Heard(point);
        }
    }

    /// <summary>Closes at once while the source cannot be followed; null when it can be again, which opens when a point from afterwards has been processed.</summary>
    public void SourceStands(ClosedReason? reason)
    {
        lock (sync)
        {
            if (reason is not null || trouble is not null)
            {
                freshness.End();
            }

            trouble = reason;
        }
    }

    /// <summary>Closes at once while a change waits to be read; null when none does any more, which opens when a point from afterwards has been processed.</summary>
    public void SchemasStand(ClosedReason? reason)
    {
        lock (sync)
        {
            if (reason is not null || unread is not null)
            {
                freshness.End();
            }

            unread = reason;
        }
    }

    /// <summary>Stops firing while the reason stands; null lets go.</summary>
    public void Press(string? reason) => pressure = reason;

    /// <summary>Told by the clock task of <paramref name="partition"/>: its next offset. True when its marks may fire now.</summary>
    /// <param name="epoch">Since when the source has been fresh without a break: what was fired before says nothing about what has been read since.</param>
    /// <param name="provenEnd">
    /// Up to this offset it has processed whole transactions of the source. What is known of an order by a change from there on may be the middle of a transaction,
    /// a state that the source never showed: nothing is decided over it.
    /// </param>
    public bool MayFire(int partition, long position, [NotNullWhen(true)] out SourceEpoch? epoch, out long provenEnd)
    {
        lock (sync)
        {
            freshness.Expire();
            freshness.Processed(partition, position);
            provenEnd = freshness.ProvenEnd(partition);
            return IsFresh(out epoch) && MayFireAnything();
        }
    }

    /// <summary>The clock task of <paramref name="partition"/> begins anew, with what was committed: what it said before of its place may never have been.</summary>
    public void BeginsAnew(int partition)
    {
        lock (sync)
        {
            freshness.Begin(partition);
        }
    }

    /// <summary>The clock task of <paramref name="partition"/> has been closed: from now on its reports say where it stands, whoever runs it.</summary>
    public void Leaves(int partition)
    {
        lock (sync)
        {
            freshness.Leave(partition);
        }
    }

    /// <summary>The clock task of <paramref name="partition"/>, wherever it runs, has committed that it processed whole transactions up to <paramref name="provenEnd"/>.</summary>
    public void Reported(int partition, long provenEnd)
    {
        lock (sync)
        {
            freshness.Report(partition, provenEnd);
        }
    }

    /// <summary>Clock tasks run in other processes too: those open by our reports, as we by theirs.</summary>
    public bool IsShared
    {
        get
        {
            lock (sync)
            {
                return freshness.IsShared;
            }
        }
    }

    /// <summary>
    /// Told by each task of clock and settle at every look: the due order that waits for the end of the transactions which altered it, and those behind it with it; null for
    /// none. Where that lasts it is a reason of <see cref="Closed"/>, since nothing with a later mark is settled.
    /// </summary>
    public void StandsAt(TaskId task, OrderId? order)
    {
        lock (sync)
        {
            standing.At(task, order);
        }
    }

    /// <summary>True when orders that all clock tasks have fired in this <paramref name="epoch"/> may be calculated.</summary>
    public bool MayRelease([NotNullWhen(true)] out SourceEpoch? epoch)
    {
        lock (sync)
        {
            freshness.Expire();
            return IsFresh(out epoch) && MayFireAnything();
        }
    }

    /// <summary>The wall clock does not jump.</summary>
    public bool IsClockTrusted => guard.Check() is ClockState.Agreeing;

    /// <summary>True when splits whose payout time has come may go: they were calculated before, so that the source may be silent.</summary>
    public bool MayPayOut => MayFireAnything();

    /// <summary>True when nothing stands in the way of firing.</summary>
    public bool IsOpen => MayRelease(out _);

    /// <summary>Why nothing fires; empty when it is open.</summary>
    public IReadOnlyList<ClosedReason> Closed()
    {
        List<ClosedReason> reasons = [];
        lock (sync)
        {
            freshness.Expire();
            if (trouble is not null)
            {
                reasons.Add(trouble);
            }
            else if (!freshness.IsFresh)
            {
                reasons.Add(NotFresh());
            }

            if (unread is not null)
            {
                reasons.Add(unread);
            }

            reasons.AddRange(standing.Reasons());
        }

        if (guard.Check() is ClockState.Suspended suspended)
        {
            reasons.Add(new(
                ClosedBy.ClockJump,
                $"the wall clock jumped by {suspended.Jump} at {suspended.Since}: firing goes on when both clocks have agreed for {ClockGuard.AgreementNeeded}, or when an operator says that it is right"));
        }

        if (pressure is { } reason)
        {
            reasons.Add(new(ClosedBy.Pressure, reason));
        }

        return reasons;
    }

    /// <summary>The texts of <see cref="Closed"/>.</summary>
    public IReadOnlyList<string> Reasons() => [.. Closed().Select(reason => reason.Text)];

    bool IsFresh([NotNullWhen(true)] out SourceEpoch? epoch)
    {
        epoch = freshness.Epoch;
        return epoch is not null && trouble is null && unread is null && freshness.IsFresh;
    }

    ClosedReason NotFresh() => freshness switch
    {
        { WasFresh: false, IsSilent: true } => new(ClosedBy.Start, "the source has not been read yet up to where it stood at the start"),
        { WasFresh: false } => new(ClosedBy.Start, "changes of the source from before the start are still being processed"),
        { IsSilent: true } => new(
            ClosedBy.Silence,
            $"the source has not been heard from for {(long)freshness.SilentFor!.Value.TotalSeconds} s, more than Source:Silence ({silence}): nothing fires until it has been read up to where it stands"),
        _ => new(ClosedBy.CatchingUp, $"the source is heard, but not all that stood in it {silence} ago (Source:Silence) has been read and processed yet"),
    };

    bool MayFireAnything() => pressure is null && IsClockTrusted;
}
