using StreamSettle.Kernel.Failures;
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
/// <param name="partition">The task's.</param>
sealed class UnreadableChanges(OpenOrders orders, ClockOutputs outputs, ClockScheduler scheduler, ClockChanges readable, SettlementPorts source, int partition)
{
    readonly IDeserializer<OrderId> keys = source.OrderKeys();

    // An own one: what the source's holds is still in use.
    readonly IDeserializer<OrderChange> changes = source.OrderChanges();

    public void SetAside(in SourceRecord record, string reason, UtcInstant now)
    {
        var order = OrderOf(record);
        outputs.SetAside(record, order, reason);
        if (order is { } id)
        {
            Doubt(id, record, now);
        }
    }

    public void Handle(OperatorRequest.OfRecord request, UtcInstant now)
    {
        var kept = request.Record;
        var record = new SourceRecord
        {
            At = new(kept.Topic, partition, kept.Offset), TimestampMs = kept.TimestampMs, KeyIsNull = kept.Key is null, Key = kept.Key, Headers = new(kept.Headers),
            Value = kept.Value,
        };
        if (Unready(record, request) is { } away)
        {
            // It waits on, and can be asked for again when that is back.
            outputs.SetAside(record, order: null, away);
            return;
        }

        switch (request)
        {
            case OperatorRequest.Reread:
                Reread(record, request.Cause, now);
                break;
            case OperatorRequest.PassOver:
                outputs.Close(record.Name);
                Clear(OrderOf(record), OrderMessageKind.Dropped, record, request.Cause, now);
                break;
            default:
                throw new BrokenInvariantException($"unknown request {request}");
        }
    }

    /// <summary>Why it cannot be told at the moment what the record is; null where it can.</summary>
    string? Unready(in SourceRecord record, OperatorRequest.OfRecord request)
    {
        try
        {
            OrderOf(record);
            if (request is OperatorRequest.Reread)
            {
                changes.Read(record.Value, record.Headers);
            }
        }
        catch (SerdeException)
        {
            return null;
        }
        catch (EnvironmentFailedException away)
        {
            return away.Message;
        }

        return null;
    }

    void Reread(in SourceRecord record, string cause, UtcInstant now)
    {
        var order = OrderOf(record);
        OrderChange change;
        try
        {
            change = changes.Read(record.Value, record.Headers);
            if (readable.Unsent.Fill(ref change, record.At, isReplay: true) is { } untold)
            {
                outputs.SetAside(record, order, untold);
                return;
            }
        }
        catch (Exception still) when (still is SerdeException or EnvironmentFailedException)
        {
            outputs.SetAside(record, order, still.Message);
            return;
        }

        outputs.Close(record.Name);
        if (change.Op != ChangeOp.None && !readable.Apply(change, record.Headers, record.At, cause, now))
        {
            Clear(change.Id, OrderMessageKind.Overtaken, record, cause, now);
        }

        if (change.Op == ChangeOp.None || order != change.Id)
        {
            // It turns out not to be about the order that its key named.
            Clear(order, OrderMessageKind.Dropped, record, cause, now);
        }
    }

    void Doubt(OrderId id, in SourceRecord record, UtcInstant now)
    {
        readable.TakeSwept(id, now);
        orders.TryGet(id, out var order);
        var arrived = record.Headers.TryGet(ChangedKeyHeaders.OldKey, out _);
        if (order.Stage == PendingStage.HandedOver)
        {
            PassOn(id, order, OrderMessageKind.Unreadable, record, record.Name, arrived);
        }
        else
        {
            scheduler.Doubt(id, order, record, arrived, now);
        }
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
            orders.Put(id, order with { Books = order.Books.Cleared(record.At.Offset) }, order);
        }
        else
        {
            scheduler.Relieve(id, order, order with { Books = order.Books.Cleared(record.At.Offset), OtherCause = cause }, now);
        }
    }

    void PassOn(OrderId id, in OpenOrder order, OrderMessageKind kind, in SourceRecord record, string cause, bool keyChanged)
    {
        outputs.Forward(new()
        {
            Kind = kind, Order = id, Merchant = order.State.Merchant, Cause = cause, DueAt = order.State.DueAt, Offset = record.At.Offset, KeyChanged = keyChanged,
        });
        orders.Put(id, order with { Forwarded = order.Forwarded + 1 }, order);
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
            return keys.Read(record.Key, record.Headers);
        }
        catch (SerdeException)
        {
            return null;
        }
    }
}
