using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// A change that cannot be read is set aside with everything that its reading rests on, and the stream goes on. Where its key tells an order, whoever owns that
/// order learns of it: the change may have been a cancellation or a refund, so what was known before is not paid. A later change that can be read lifts it, or
/// a person: by a replay, which decides as the first reading would have, or by a discard, which says that the change does not count.
/// </summary>
/// <param name="changes">An own one: what the source's holds is still in use.</param>
/// <param name="partition">The task's.</param>
sealed class UnreadableChanges(
    OpenOrders orders, ClockDesk desk, ClockScheduler scheduler, ClockChanges readable, IDeserializer<OrderId> keys, IDeserializer<OrderChange> changes, int partition,
    SettlementSettings settings)
{
    public void SetAside(in SourceRecord record, string reason, UtcInstant now)
    {
        var order = OrderOf(record);
        desk.SetAside(record, order, reason);
        if (order is { } id)
        {
            Doubt(id, record, now);
        }
    }

    public void Handle(IntakeRequest request, UtcInstant now)
    {
        var record = new SourceRecord
        {
            At = new(request.Topic, partition, request.Offset), TimestampMs = request.TimestampMs, KeyIsNull = request.Key is null, Key = request.Key,
            Headers = new(request.Headers), Value = request.Value,
        };
        var order = OrderOf(record);
        if (!request.Replay)
        {
            desk.TakeOff(record.Name);
            Clear(order, OrderMessageKind.Dropped, record, request.Cause, now);
            return;
        }

        OrderChange change;
        try
        {
            change = changes.Read(record.Value);
        }
        catch (SerdeException still)
        {
            desk.SetAside(record, order, still.Message);
            return;
        }

        desk.TakeOff(record.Name);
        if (change.Op != ChangeOp.None && !readable.Apply(change, record.Headers, record.At, request.Cause, now))
        {
            Clear(change.Id, OrderMessageKind.Overtaken, record, request.Cause, now);
        }

        if (change.Op == ChangeOp.None || order != change.Id)
        {
            // It turns out not to be about the order that its key named.
            Clear(order, OrderMessageKind.Dropped, record, request.Cause, now);
        }
    }

    void Doubt(OrderId id, in SourceRecord record, UtcInstant now)
    {
        readable.TakeSwept(id, now);
        orders.TryGet(id, out var order);
        var arrived = record.Headers.TryGet(ChangedKeyHeaders.OldKey, out _);
        switch (order.Stage)
        {
            case PendingStage.HandedOver:
                PassOn(id, order, OrderMessageKind.Unreadable, record, record.Name, arrived);
                break;
            default:
                var known = order.Stage == PendingStage.Unknown ? new OpenOrder { Stage = PendingStage.Idle, Position = ChangePosition.None } : order;
                Doubt(id, order, known with { KeyChanged = order.KeyChanged || arrived, Doubts = DoubtList.With(order.Doubts, record.At.Offset) }, record, now);
                break;
        }
    }

    void Doubt(OrderId id, in OpenOrder order, in OpenOrder doubted, in SourceRecord record, UtcInstant now)
    {
        if (order.Stage != PendingStage.Scheduled)
        {
            orders.Put(id, doubted.IndexedAt is null && doubted.Stage != PendingStage.Refused ? doubted with { IndexedAt = settings.KeptUntil(order.DueAt, now) } : doubted, order);
            return;
        }

        desk.Refuse(id, order.Row().Merchant, record.Name, Refusals.UnreadableChange, order.RowBytes);
        orders.Put(id, doubted with { Stage = PendingStage.Refused, Refusal = Refusals.UnreadableChange, IndexedAt = null }, order);
    }

    /// <summary>Nothing is in doubt any more by this record: it does not count, or what it says is known already.</summary>
    /// <param name="cause">Of the request: the record's own name is the cause of its refusal, and the event log takes one fact of a kind by one cause.</param>
    void Clear(OrderId? of, OrderMessageKind how, in SourceRecord record, string cause, UtcInstant now)
    {
        if (of is not { } id || !orders.TryGet(id, out var order))
        {
            return;
        }

        if (order.Stage == PendingStage.HandedOver)
        {
            PassOn(id, order, how, record, cause, keyChanged: false);
        }
        else if (how == OrderMessageKind.Dropped)
        {
            orders.Put(id, order with { Doubts = DoubtList.Without(order.Doubts, record.At.Offset) }, order);
        }
        else
        {
            scheduler.Relieve(order, id, order with { Doubts = DoubtList.Without(order.Doubts, record.At.Offset), OtherCause = cause }, now);
        }
    }

    void PassOn(OrderId id, in OpenOrder order, OrderMessageKind kind, in SourceRecord record, string cause, bool keyChanged)
    {
        desk.Hand(new()
        {
            Kind = kind, Order = id, Merchant = order.Merchant, Cause = cause, DueAt = order.DueAt, Offset = record.At.Offset, KeyChanged = keyChanged,
        });
        orders.Put(id, order with { Handed = order.Handed + 1 }, order);
    }

    /// <summary>Null where the record has no key, or one that cannot be read: then nobody can say whose change it was.</summary>
    OrderId? OrderOf(in SourceRecord record)
    {
        if (record.KeyIsNull)
        {
            return null;
        }

        try
        {
            return keys.Read(record.Key);
        }
        catch (SerdeException)
        {
            return null;
        }
    }
}
