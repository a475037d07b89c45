using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Clock;

/// <summary>The clock's punctuation: walks the head of the due index, and only that, so its cost follows what is due and never what is pending.</summary>
sealed class ClockFiring(
    ProcessorContext context, OpenOrders orders, ClockChanges changes, ClockDesk desk, OrderMath math, SettlementSettings settings, ClockRun run, string ordersTopic)
{
    readonly Output<int, ProgressReport> reports = context.Output<int, ProgressReport>(ClockNodes.Progress);
    UtcInstant reported = UtcInstant.MinValue;
    long reportedEpoch;
    long answered;

    public void Fire(UtcInstant now)
    {
        var partition = context.Task.Partition;
        if (!run.Gate.MayFire(partition, context.Position(ordersTopic), out var epoch))
        {
            return;
        }

        if (epoch != reportedEpoch)
        {
            (reportedEpoch, reported) = (epoch, UtcInstant.MinValue);
        }

        var (fired, through, last) = FireDue(now);
        var asked = run.Progress.Wants;
        if (fired > 0 || asked != answered || run.Progress.Wanted > reported)
        {
            (reported, answered) = (through, asked);
            reports.Forward(new() { Key = partition, Value = new(through, last, run.Id, epoch), TimestampMs = now.Microseconds / 1000 });
        }
    }

    /// <summary>Looks at what is due; says how many were handed over, up to where all are, and the last mark that was.</summary>
    (int Fired, UtcInstant Through, UtcInstant? Last) FireDue(UtcInstant now)
    {
        var (seen, fired) = (0, 0);
        UtcInstant? last = null;
        if (orders.LowestIndexed > now)
        {
            return (0, now, null);
        }

        using var scan = orders.Due(orders.LowestIndexed, now);
        orders.LowestIndexed = now + TimeSpan.FromMicroseconds(1);
        while (scan.MoveNext())
        {
            var key = DueKey.Read(scan.Key);
            if (seen++ == settings.MaxFired)
            {
                orders.LowestIndexed = key.DueAt < orders.LowestIndexed ? key.DueAt : orders.LowestIndexed;
                return (fired, key.DueAt - TimeSpan.FromMicroseconds(1), last);
            }

            if (Look(key, now))
            {
                fired++;
                last = key.DueAt;
            }
        }

        return (fired, now, last);
    }

    bool Look(DueKey key, UtcInstant now)
    {
        if (!orders.TryGet(key.Order, out var order) || order.IndexedAt != key.DueAt)
        {
            throw new Kernel.Failures.CorruptStateException($"the due index has order {key.Order} at {key.DueAt}, the order itself says otherwise");
        }

        if (order.Stage != PendingStage.Scheduled)
        {
            Rest(key.Order, order, now);
            return false;
        }

        if (changes.TakeSwept(key.Order, now))
        {
            return false;
        }

        // What the mark rests on may have changed since the row was read: it is taken anew, and a later one is never fired early.
        var due = math.DueAt(order.Row(), order.Row().Merchant);
        if (due != key.DueAt)
        {
            desk.Tell(key.Order, Retaken(key, order, due));
        }

        if (due > now)
        {
            orders.Put(key.Order, order with { InTime = true, IndexedAt = due, DueAt = due }, order);
            return false;
        }

        HandOver(key, order, due);
        return true;
    }

    SettlementRescheduled Retaken(DueKey key, in OpenOrder order, UtcInstant due)
    {
        var row = order.Row();
        return new(Causes.Retaken(order.Cause, key.DueAt, due), desk.RecordedAt, row.Merchant.Value, row.CompletedAt.ToString()!, due.ToString());
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

    void HandOver(DueKey key, in OpenOrder order, UtcInstant due)
    {
        var (merchant, cause) = (order.Row().Merchant, order.Cause);
        desk.Tell(key.Order, new SettlementDue(Causes.Due(cause, due), desk.RecordedAt, due.ToString()));
        desk.Hand(new()
        {
            Kind = OrderMessageKind.Due, Order = key.Order, Merchant = merchant, Cause = cause, DueAt = due, InTime = order.InTime, ClockTask = context.Task.Partition,
            Offset = order.NextOffset - 1, Doubts = order.Doubts,
            RowBytes = order.RowBytes,
        });
        orders.Put(
            key.Order,
            order with
            {
                Stage = PendingStage.HandedOver, KeyChanged = false, InTime = false, OtherCause = null, IndexedAt = null, DueAt = due, Merchant = merchant, Handed = 1,
                Doubts = [], RowBytes = default,
            },
            order);
    }
}
