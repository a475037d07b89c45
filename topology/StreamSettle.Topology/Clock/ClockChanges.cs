using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Clock;

/// <summary>Takes a change that could be read, if it is news: before the mark it is decided here, after it it goes on to settle, by the merchant that the order had at the mark.</summary>
sealed class ClockChanges(OpenOrders orders, SweptOrders swept, WholeTransactions whole, ClockOutputs outputs, ClockScheduler scheduler, UnsentValues unsent)
{
    readonly ByteBuffer row = new();

    /// <summary>Fills in what a change did not tell, before it is taken.</summary>
    public UnsentValues Unsent => unsent;

    /// <param name="replayedBy">It comes from a dead letter, by the request of this cause: changes that stood after it may have been read since. Null as it comes.</param>
    /// <returns>False when it is no news.</returns>
    public bool Apply(in OrderChange change, Headers headers, RecordMetadata at, string? replayedBy, UtcInstant now)
    {
        if (replayedBy is null)
        {
            whole.Take(change.Position, at.Offset);
        }

        if (change.Op == ChangeOp.Sweep)
        {
            swept.Begin(change.Position, change.Transaction, at.Offset);
            return true;
        }

        if (swept.IsOver(change.Position, at.Offset))
        {
            return false;
        }

        TakeSwept(change.Id, now);
        var known = orders.TryGet(change.Id, out var order);
        if (known && !(replayedBy is not null ? order.IsNews(change.Position, at.Offset) : change.Position.IsAfter(order.Position)))
        {
            return false;
        }

        row.Clear();
        if (change.Op == ChangeOp.Upsert)
        {
            change.Row.Write(new(row));
        }

        var read = new ReadChange(change, headers, at, row.Written, replayedBy) { CutsOff = whole.IsCutOff(order, change.Position) };
        Carry(known ? order : order with { Position = swept.Floor }, read, now);
        return true;
    }

    /// <summary>True when a sweep has taken the order, which is told so now, as by a deletion of its own.</summary>
    public bool TakeSwept(OrderId id, UtcInstant now)
    {
        if (!swept.IsWalking || !orders.TryGet(id, out var order) || !swept.Has(order))
        {
            return false;
        }

        var deletion = swept.DeletionOf(id);
        Carry(order, new(deletion, default, swept.At, []) { CutsOff = whole.IsCutOff(order, deletion.Position) }, now);
        return true;
    }

    void Carry(in OpenOrder order, in ReadChange read, UtcInstant now)
    {
        if (order.Stage == PendingStage.HandedOver)
        {
            PassOn(order, read);
        }
        else
        {
            scheduler.Apply(order, read, now);
        }
    }

    void PassOn(in OpenOrder order, in ReadChange read)
    {
        var change = read.Change;
        outputs.Forward(new()
        {
            Kind = change.Op == ChangeOp.Upsert ? OrderMessageKind.Changed : OrderMessageKind.Deleted,
            Order = change.Id, Merchant = order.State.Merchant, Cause = read.OtherCause ?? change.Position.ToString(), Transaction = change.Transaction, DueAt = order.State.DueAt,
            Offset = read.At.Offset, KeyChanged = read.Arrived || read.MovedAway, CutsOff = read.CutsOff, RowBytes = read.RowBytes,
        });
        orders.Put(change.Id, order.After(read) with { Forwarded = order.Forwarded + 1, RowBytes = default }, order);
    }
}
