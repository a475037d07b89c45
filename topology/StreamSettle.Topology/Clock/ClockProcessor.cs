using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Settlement.Rules;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Sub-topology 1: keeps every order from its first change, schedules the completed ones, and hands them to settle when their mark has passed.
/// What a change means before the mark is <see cref="PendingDecider"/>; here it is carried out.
/// </summary>
sealed class ClockProcessor(RuleBook rules, SettlementSettings settings, ClockRun run, ISerde<OrderId> keys, string ordersTopic)
    : IProcessor<ReadOnlySpan<byte>, ClockInput>
{
    readonly ByteBuffer row = new();
    ProcessorContext context = null!;
    OpenOrders orders = null!;
    ClockDesk desk = null!;
    ClockScheduler scheduler = null!;
    ClockFiring firing = null!;
    ClockOperators operators = null!;
    UnreadableChanges unreadable = null!;
    TaskTally tally = null!;

    public void Init(ProcessorContext context)
    {
        this.context = context;
        tally = run.Tallies.OpenClock(context, StoreNames.ClockTallies);
        orders = new(context.Store(StoreNames.OpenOrders), context.Store(StoreNames.OpenOrdersByDue), tally.Numbers);
        desk = new(context);
        var math = new OrderMath(rules, context.GlobalStore(StoreNames.Merchants), context.GlobalStore(StoreNames.Promoters));
        scheduler = new(orders, desk, math, settings);
        firing = new(context, orders, desk, math, settings, run, ordersTopic);
        operators = new(orders, desk, scheduler, settings);
        unreadable = new(orders, desk, keys);
        context.Schedule(settings.PunctuationInterval, PunctuationType.WallClockTime, firing.Fire);
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, ClockInput> record)
    {
        if (record.Value.Request is { } request)
        {
            operators.Handle(request, context.SystemTime);
        }
        else if (record.Value.Unreadable is { } reason)
        {
            unreadable.Handle(record.Key, record.Value.Raw, reason, RecordCause());
        }
        else if (!record.IsTombstone && record.Value.Change.Op != ChangeOp.None)
        {
            Apply(record.Value.Change, record.Headers);
        }
    }

    public void BeforeCommit() => tally.Keep();

    public void Close() => run.Tallies.CloseClock(context, tally);

    void Apply(in OrderChange change, Headers headers)
    {
        var known = orders.TryGet(change.Id, out var order);
        if (known && !change.Position.IsAfter(order.Position))
        {
            return;
        }

        row.Clear();
        if (change.Op == ChangeOp.Upsert)
        {
            change.Row.Write(new(row));
        }

        var arrived = change.Op == ChangeOp.Upsert && headers.TryGet(ChangedKeyHeaders.OldKey, out _);
        var movedAway = change.Op == ChangeOp.Delete && headers.TryGet(ChangedKeyHeaders.NewKey, out _);
        var otherCause = change.Position.HasLsn ? null : RecordCause();
        if (order.Stage == PendingStage.HandedOver)
        {
            PassOn(order, change, otherCause ?? change.Position.ToString(), arrived || movedAway);
        }
        else
        {
            scheduler.Apply(order, arrived, movedAway, change, otherCause, row.Written, context.SystemTime);
        }
    }

    /// <summary>Names a change without a position by the record that brought it.</summary>
    string RecordCause() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{context.Metadata.Topic}-{context.Metadata.Partition}@{context.Metadata.Offset}");

    /// <summary>After the mark a change goes on to settle, by the merchant that the order had at the mark.</summary>
    void PassOn(in OpenOrder order, in OrderChange change, string cause, bool keyChanged)
    {
        desk.Hand(new()
        {
            Kind = change.Op == ChangeOp.Upsert ? OrderMessageKind.Changed : OrderMessageKind.Deleted,
            Order = change.Id, Merchant = order.Merchant, Cause = cause, CommittedAt = change.CommittedAt, DueAt = order.DueAt, KeyChanged = keyChanged,
            RowBytes = row.Written,
        });
        orders.Put(
            change.Id,
            new() { Stage = PendingStage.HandedOver, Position = change.Position.Over(order.Position), IndexedAt = order.IndexedAt, DueAt = order.DueAt, Merchant = order.Merchant },
            order);
    }
}
