using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Settlement.Rules;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Promoters;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Sub-topology 1: keeps every order from its first change, schedules the completed ones, and hands them to settle when their mark has passed.
/// What a change means before the mark is <see cref="PendingDecider"/>; here it is carried out.
/// </summary>
sealed class ClockProcessor(RuleBook rules, SettlementSettings settings, FiringGate gate, ClockProgress progress, string ordersTopic)
    : IProcessor<ReadOnlySpan<byte>, ClockInput>
{
    readonly ByteBuffer row = new();
    ProcessorContext context = null!;
    OpenOrders orders = null!;
    ClockDesk desk = null!;
    ClockScheduler scheduler = null!;
    ClockFiring firing = null!;
    ClockOperators operators = null!;

    public void Init(ProcessorContext context)
    {
        this.context = context;
        orders = new(context.Store(StoreNames.OpenOrders), context.Store(StoreNames.OpenOrdersByDue));
        desk = new(context);
        var math = new OrderMath(rules, context.GlobalStore(StoreNames.Merchants), new PromoterTree(context.GlobalStore(StoreNames.Promoters)));
        scheduler = new(orders, desk, math, settings);
        firing = new(context, orders, desk, math, settings, gate, progress, ordersTopic);
        operators = new(orders, desk, scheduler);
        context.Schedule(settings.PunctuationInterval, PunctuationType.WallClockTime, firing.Fire);
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, ClockInput> record)
    {
        if (record.Value.Request is { } request)
        {
            operators.Handle(request, context.SystemTime);
        }
        else if (!record.IsTombstone && record.Value.Change.Op != ChangeOp.None)
        {
            Apply(record.Value.Change, record.Headers);
        }
    }

    void Apply(in OrderChange change, Headers headers)
    {
        var known = orders.TryGet(change.Id, out var order);
        if (known && !change.Position.IsAfter(order.Position))
        {
            return;
        }

        var cause = CauseOf(change.Position);
        if (order.Stage == PendingStage.HandedOver)
        {
            PassOn(order, change, cause, KeyMoved(headers));
            return;
        }

        row.Clear();
        if (change.Op == ChangeOp.Upsert)
        {
            change.Row.Write(new(row));
        }

        var arrived = headers.TryGet(ChangedKeyHeaders.OldKey, out _) && change.Op == ChangeOp.Upsert;
        scheduler.Apply(order, arrived, KeyMoved(headers), change, cause, row.Written, context.SystemTime);
    }

    static bool KeyMoved(Headers headers) => headers.TryGet(ChangedKeyHeaders.NewKey, out _);

    string CauseOf(ChangePosition position) => position.HasLsn
        ? position.ToString()
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{context.Metadata.Topic}-{context.Metadata.Partition}@{context.Metadata.Offset}");

    /// <summary>After the mark a change goes on to settle, by the merchant that the order had at the mark.</summary>
    void PassOn(in OpenOrder order, in OrderChange change, string cause, bool keyMoved)
    {
        var (id, merchant, indexed) = (change.Id, order.Merchant, order.IndexedAt);
        var position = change.Position.HasLsn ? change.Position : order.Position;
        var due = order.DueAt;
        orders.Put(id, new() { Stage = PendingStage.HandedOver, Position = position, IndexedAt = indexed, DueAt = due, Merchant = merchant }, indexed);
        row.Clear();
        if (change.Op == ChangeOp.Upsert)
        {
            change.Row.Write(new(row));
        }

        desk.Hand(new()
        {
            Kind = change.Op == ChangeOp.Upsert ? OrderMessageKind.Changed : OrderMessageKind.Deleted,
            Order = id, Merchant = merchant, Position = change.Position, Cause = cause, CommittedAt = change.CommittedAt, DueAt = due,
            Reason = keyMoved ? Takebacks.KeyChanged : Takebacks.Deleted, RowBytes = row.Written,
        });
    }
}
