using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Clock;

/// <summary>The clock's punctuation: takes what is due from the lowest window, and only that, so its cost follows what is due and never what is pending.</summary>
sealed class ClockFiring(
    ProcessorContext context, OpenOrders orders, ClockChanges changes, ClockDesk desk, OrderMath math, SettlementSettings settings, ClockRun run, string ordersTopic)
{
    readonly Output<int, ProgressReport> reports = context.Output<int, ProgressReport>(ClockNodes.Progress);
    UtcInstant reported = UtcInstant.MinValue;
    long reportedEpoch;
    long reportedEnd;
    long answered;

    public void Fire(UtcInstant now)
    {
        var partition = context.Task.Partition;
        if (!run.Gate.MayFire(partition, context.Position(ordersTopic), out var epoch, out var provenEnd))
        {
            return;
        }

        if (epoch != reportedEpoch)
        {
            (reportedEpoch, reported, reportedEnd) = (epoch, UtcInstant.MinValue, 0);
        }

        var (fired, through, last) = FireDue(now, provenEnd);
        var asked = run.Progress.Wants;
        if (fired > 0 || asked != answered || run.Progress.Wanted > reported || IsAwaited(provenEnd))
        {
            (reported, answered, reportedEnd) = (through, asked, provenEnd);
            reports.Forward(new() { Key = partition, Value = new(through, last, run.Id, epoch, provenEnd), TimestampMs = now.Microseconds / 1000 });
        }
    }

    /// <summary>Settle was given changes that it may decide over by now. Once an epoch it is told anyway: what it was given before is not remembered.</summary>
    bool IsAwaited(long provenEnd) => provenEnd > reportedEnd && (reportedEnd == 0 || desk.ChangesEnd > reportedEnd);

    /// <summary>Looks at what is due; says how many were handed over, up to where all are, and the last mark that was.</summary>
    /// <param name="provenEnd">Orders that were changed from this offset on wait: what is known of them may be the middle of a transaction.</param>
    (int Fired, UtcInstant Through, UtcInstant? Last) FireDue(UtcInstant now, long provenEnd)
    {
        var fired = 0;
        UtcInstant? last = null;
        using var scan = orders.Take(now, settings.MaxFired);
        while (scan.MoveNext())
        {
            var mark = scan.DueAt;
            switch (Look(scan.Order, mark, now, provenEnd))
            {
                case Looked.Waits:
                    // Those behind it wait too, so that none overtakes it: till the next mark of the source has been read.
                    return (fired, mark - TimeSpan.FromMicroseconds(1), last);
                case Looked.HandedOver:
                    fired++;
                    last = mark;
                    break;
            }
        }

        return (fired, scan.LeftFrom is { } left ? left - TimeSpan.FromMicroseconds(1) : now, last);
    }

    Looked Look(OrderId id, UtcInstant mark, UtcInstant now, long provenEnd)
    {
        if (!orders.TryGet(id, out var order) || order.IndexedAt != mark)
        {
            throw new Kernel.Failures.CorruptStateException($"the due windows have order {id} at {mark}, the order itself says otherwise");
        }

        if (order.Stage != PendingStage.Scheduled)
        {
            Rest(id, order, now);
            return Looked.PutElsewhere;
        }

        if (changes.TakeSwept(id, now))
        {
            return Looked.PutElsewhere;
        }

        if (order.NextOffset > provenEnd)
        {
            orders.Put(id, order, order);
            return Looked.Waits;
        }

        // What the mark rests on may have changed since the row was read: it is taken anew, and a later one is never fired early.
        var due = math.DueAt(order.Row(), order.Row().Merchant);
        if (due != mark)
        {
            desk.Tell(id, Retaken(order, mark, due));
        }

        if (due > now)
        {
            orders.Put(id, order with { InTime = true, IndexedAt = due, DueAt = due }, order);
            return Looked.PutElsewhere;
        }

        HandOver(id, order, due);
        return Looked.HandedOver;
    }

    /// <summary>What became of an order that was looked at.</summary>
    enum Looked
    {
        /// <summary>It is due later, forgotten or gone.</summary>
        PutElsewhere,
        HandedOver,

        /// <summary>It stays where it is.</summary>
        Waits,
    }

    SettlementRescheduled Retaken(in OpenOrder order, UtcInstant mark, UtcInstant due)
    {
        var row = order.Row();
        return new(Causes.Retaken(order.Cause, mark, due), desk.RecordedAt, row.Merchant.Value, row.CompletedAt.ToString()!, due.ToString());
    }

    /// <summary>Nothing is to come of the order; it is forgotten, unless a change of it that could not be read still waits for a person.</summary>
    void Rest(OrderId id, in OpenOrder order, UtcInstant now)
    {
        if (order.Doubts.IsEmpty)
        {
            orders.Forget(id, order);
        }
        else
        {
            orders.Put(id, order with { IndexedAt = settings.KeptUntil(order.DueAt, now) }, order);
        }
    }

    void HandOver(OrderId id, in OpenOrder order, UtcInstant due)
    {
        var (merchant, cause) = (order.Row().Merchant, order.Cause);
        desk.Tell(id, new SettlementDue(Causes.Due(cause, due), desk.RecordedAt, due.ToString()));
        desk.Hand(new()
        {
            Kind = OrderMessageKind.Due, Order = id, Merchant = merchant, Cause = cause, DueAt = due, InTime = order.InTime, ClockTask = context.Task.Partition,
            Offset = order.NextOffset - 1, Doubts = order.Doubts,
            RowBytes = order.RowBytes,
        });
        orders.Put(
            id,
            order with
            {
                Stage = PendingStage.HandedOver, KeyChanged = false, InTime = false, OtherCause = null, DecidedIn = null, IndexedAt = null, DueAt = due, Merchant = merchant, Handed = 1,
                Doubts = [], RowBytes = default,
            },
            order);
    }
}
