using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Clock;

/// <summary>What happens to an order until its mark: gathers what a decision rests on, has it decided, and keeps what comes of it.</summary>
sealed class ClockScheduler(OpenOrders orders, ClockOutputs outputs, OrderMath math, SettlementSettings settings)
{
    readonly PendingTransactor transactor = new(outputs);

    public void Apply(in OpenOrder order, in ReadChange read, UtcInstant now)
    {
        var change = read.Change;
        var mark = MarkOf(change, order.Mark);
        var goesOn = order.DecidedIn is { } decidedIn && (decidedIn == change.Transaction || read.CutsOff);
        var isFirst = order.Books.NextOffset == 0;
        var isAgain = goesOn && order.SeenBefore && order.Stage != PendingStage.NotOurs;
        var wasForgotten = isFirst && change.WasCompleted && orders.Forgotten.HasCalculated;
        var mayBeForgotten = wasForgotten || ((isFirst || isAgain) && orders.Forgotten.MayHave(change, mark));
        if (mayBeForgotten && isFirst && change.Position.IsRead)
        {
            // The table is read again, with every order that was settled and forgotten: that is no news of any of them.
            return;
        }

        var known = order.After(read) with
        {
            State = order.State with { Stage = goesOn && order.Stage == PendingStage.NotOurs ? PendingStage.Idle : order.Stage },
            SeenBefore = mayBeForgotten || (order.SeenBefore && !isAgain),
            DecidedIn = mayBeForgotten && !wasForgotten ? change.Transaction : null,
            Mark = mark,
        };
        Follow(change, order, known, Reduce(order, known, change, read.MovedAway, now), now);
    }

    /// <summary>A change that could not be read leaves the order in doubt: what is known of it is not settled.</summary>
    /// <param name="keyChanged">It brought the row here by a changed primary key.</param>
    public void Doubt(OrderId id, in OpenOrder order, in SourceRecord record, bool keyChanged, UtcInstant now)
    {
        var doubted = order with
        {
            State = order.State with { Stage = order.Stage == PendingStage.Unknown ? PendingStage.Idle : order.Stage },
            Books = order.Books.Doubted(record.At.Offset, keyChanged),
        };
        if (order.Stage == PendingStage.Scheduled)
        {
            Decide(order, doubted, new TakeUnreadable(new(id, order.Merchant, record.Name, outputs.RecordedAt)), now);
        }
        else
        {
            Keep(id, order, doubted, isNews: false, now);
        }
    }

    /// <summary>
    /// A person replays a refused order: neither its changed key nor whose it is counts any more, nor its age where the event log says that it was never
    /// calculated. What could not be read still counts: that has to be replayed or discarded for itself.
    /// </summary>
    public void Replay(in OpenOrder order, OperatorRequest.Replay request, UtcInstant now)
    {
        var id = request.Key.Order;
        var change = LastKnown(id, order);
        var known = order with
        {
            Books = order.Books with { KeyChanged = false }, OtherCause = request.Cause, SeenBefore = order.SeenBefore && !request.NeverCalculated,
            Mark = MarkOf(change, order.Mark),
        };
        var reduced = Reduce(order, known, change, movedAway: false, now);
        reduced = reduced with { Ours = true, SameTerms = false, TooOld = reduced.TooOld && !request.NeverCalculated };
        var context = new CommandContext(id, change.Row.Merchant, request.Cause, outputs.RecordedAt);
        Decide(order, known, new ReplayOrder(context, request.By, reduced, known.Books.InDoubt, change.Row.CompletedAt, known.Mark, request.Note), now);
    }

    /// <summary>A person gives a refused order up.</summary>
    public void Discard(in OpenOrder order, OperatorRequest.Discard request, UtcInstant now) =>
        Decide(order, order, new DiscardOrder(new(request.Key.Order, order.Merchant, request.Cause, outputs.RecordedAt), request.By, request.Note), now);

    /// <summary>What could not be read was overtaken by what is known already: an order that was refused for it goes on with that.</summary>
    public void Relieve(OrderId id, in OpenOrder order, in OpenOrder relieved, UtcInstant now)
    {
        if (order.State is not { Stage: PendingStage.Refused, Refusal: Refusals.UnreadableChange } || relieved.Books.InDoubt || order.RowBytes.IsEmpty)
        {
            orders.Put(id, relieved, order);
            return;
        }

        var change = LastKnown(id, order);
        var known = relieved with { Mark = MarkOf(change, order.Mark) };
        Follow(change, order, known, Reduce(order, known, change, movedAway: false, now), now);
    }

    /// <summary>The mark has come, and is taken anew from what is known now.</summary>
    /// <param name="due">What the order's facts say then.</param>
    /// <returns>True where it has passed: the order is to be handed over. One whose mark lies later now is kept.</returns>
    public bool Pass(OrderId id, in OpenOrder order, UtcInstant now, out PendingState due)
    {
        var row = order.Row();
        var mark = math.DueAt(row, row.Merchant);
        var context = new CommandContext(id, row.Merchant, order.Cause, outputs.RecordedAt);
        due = transactor.Transact(order.State, new TakeMark(context, row.CompletedAt!.Value, mark, now), order.RowBytes);
        if (mark <= now)
        {
            return true;
        }

        Keep(id, order, order with { State = due, Mark = mark }, isNews: true, now);
        return false;
    }

    /// <summary>Nothing is to come of the order; it is forgotten, unless a change of it that could not be read still waits for a person.</summary>
    public void Rest(OrderId id, in OpenOrder order, UtcInstant now)
    {
        if (order.Books.Doubts.IsEmpty)
        {
            orders.Forget(id, order);
        }
        else
        {
            orders.Put(id, order with { Books = order.Books with { IndexedAt = settings.KeptUntil(order.Mark, now) } }, order);
        }
    }

    static OrderChange LastKnown(OrderId id, in OpenOrder order) => new() { Op = ChangeOp.Upsert, Id = id, Position = order.Position, Row = order.Row() };

    UtcInstant MarkOf(in OrderChange change, UtcInstant known) =>
        change.Op == ChangeOp.Upsert && change.Row.CompletedAt is not null ? math.DueAt(change.Row, change.Row.Merchant) : known;

    /// <param name="order">As it was.</param>
    /// <param name="known">What is known of it now.</param>
    PendingChange Reduce(in OpenOrder order, in OpenOrder known, in OrderChange change, bool movedAway, UtcInstant now)
    {
        var completed = change.Op == ChangeOp.Upsert && change.Row.Status == OrderStatus.Completed;
        return new(
            completed,
            movedAway ? CancelReasons.KeyChanged : change.Op == ChangeOp.Delete ? CancelReasons.Deleted : CancelReasons.Of(change.Row.Status),
            change.Row.CompletedAt is not null,
            order.Stage == PendingStage.Scheduled && completed && SameTerms(order, change.Row),
            known.Mark != order.State.DueAt,
            settings.CompletedSince is not { } since || change.Row.CompletedAt is null || change.Row.CompletedAt >= since,
            known.Mark + settings.Retention <= now || known.SeenBefore,
            completed && change.Position.IsRead && !order.RowBytes.IsEmpty && order.Row().Status == OrderStatus.Completed && OrderTerms.Same(order.Row(), change.Row));
    }

    /// <summary>Of an order from before a rebuild no more is known until its row has come than whose it was: its mark is compared by itself.</summary>
    static bool SameTerms(in OpenOrder order, in OrderRow row) => order.RowBytes.IsEmpty ? order.State.Merchant == row.Merchant : OrderTerms.Same(order.Row(), row);

    /// <summary>Most changes say nothing of a settlement, so the table is asked first: a command is an object.</summary>
    void Follow(in OrderChange change, in OpenOrder order, in OpenOrder known, in PendingChange reduced, UtcInstant now)
    {
        var id = change.Id;
        switch (PendingDecider.Decide(known.Pending, reduced).Action)
        {
            case PendingAction.Nothing:
                Keep(id, order, known with { State = known.State with { Stage = known.Stage == PendingStage.Unknown ? PendingStage.Idle : known.Stage } }, isNews: false, now);
                break;
            case PendingAction.Ignore:
                Keep(id, order, known with { State = known.State with { Stage = PendingStage.NotOurs }, DecidedIn = change.Transaction }, isNews: false, now);
                break;
            default:
                // A deletion names no merchant, and cancels, which needs none.
                var context = new CommandContext(id, change.Row.Merchant, known.Cause, outputs.RecordedAt);
                Decide(order, known, new TakeRow(context, reduced, known.Books.KeyChanged, known.Books.InDoubt, change.Row.CompletedAt, known.Mark), now);
                break;
        }
    }

    void Decide(in OpenOrder order, in OpenOrder known, PendingCommand command, UtcInstant now) =>
        Keep(command.Order, order, known with { State = transactor.Transact(known.State, command, known.RowBytes) }, isNews: true, now);

    void Keep(OrderId id, in OpenOrder order, in OpenOrder known, bool isNews, UtcInstant now) => orders.Put(
        id,
        known with { Books = known.Books.After(known.Stage, known.Mark, isNews, now, settings), RowBytes = known.State.IsWaiting ? known.RowBytes : default },
        order);
}
