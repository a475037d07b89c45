using System.Collections.Immutable;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Settle;

/// <summary>What happens to an order between its mark and its calculation: gathers what a decision rests on, and has it decided.</summary>
sealed class UncalculatedOrders(SettleTransactor transactor, SettleDesk desk, OrderMath math, SettlementSettings settings)
{
    public KeptSettlement Follow(KeptSettlement kept, in OrderMessage message, UtcInstant now) => message.Kind switch
    {
        OrderMessageKind.Changed or OrderMessageKind.Deleted => Change(kept, message, now),
        OrderMessageKind.Unreadable when kept.State.Stage == PendingStage.Scheduled =>
            Decide(kept, new TakeUnreadable(kept.Order, message.Cause, desk.RecordedAt), kept.Books.Row, now),
        OrderMessageKind.Overtaken when kept is { State: { Stage: PendingStage.Refused, Refusal: Refusals.UnreadableChange }, Books.InDoubt: false } =>
            Relieve(kept, message.Cause, now),
        _ => kept,
    };

    public KeptSettlement Operate(KeptSettlement kept, OperatorRequest request, UtcInstant now)
    {
        if (kept.State.Stage != PendingStage.Refused || request.Key.N != 0)
        {
            return kept;
        }

        var (books, at) = (kept.Books, desk.RecordedAt);
        return request.Replay
            ? Decide(
                kept with { Books = books with { KeyChanged = false } },
                new ReplayOrder(kept.Order, request.Cause, at, request.By, Rows.Read(books.Row.AsSpan()).CompletedAt is not null, books.InDoubt),
                books.Row, now)
            : Decide(kept, new DiscardOrder(kept.Order, request.Cause, at, request.By, request.Note), books.Row, now);
    }

    KeptSettlement Change(KeptSettlement kept, in OrderMessage message, UtcInstant now)
    {
        var (state, known) = (kept.State, kept.Books.Row);
        var isRow = message.Kind == OrderMessageKind.Changed;
        var row = isRow ? message.Row() : default;
        var completed = isRow && row.Status == OrderStatus.Completed;
        var due = completed && row.CompletedAt is not null ? math.DueAt(row, state.Merchant) : state.DueAt;
        var takeback = isRow ? Takebacks.Of(row.Status) : message.KeyChanged ? Takebacks.KeyChanged : Takebacks.Deleted;
        var same = completed && !known.IsEmpty && OrderTerms.SameBesidesMerchant(Rows.Read(known.AsSpan()), row);
        var change = new PendingChange(completed, takeback, row.CompletedAt is not null, same, due != state.DueAt, Ours: true, TooOld: false);
        var books = kept.Books with { KeyChanged = kept.Books.KeyChanged || (isRow && message.KeyChanged) };
        return Decide(
            kept with { Books = books },
            new TakeRow(kept.Order, message.Cause, desk.RecordedAt, change, books.KeyChanged, books.InDoubt, row.CompletedAt, due),
            [.. message.RowBytes], now);
    }

    /// <summary>What could not be read is known already: the order goes on with that.</summary>
    KeptSettlement Relieve(KeptSettlement kept, string cause, UtcInstant now)
    {
        var (books, completedAt) = (kept.Books, Rows.Read(kept.Books.Row.AsSpan()).CompletedAt);
        var change = new PendingChange(Completed: true, "", completedAt is not null, SameTerms: true, MarkMoved: false, Ours: true, TooOld: false);
        return Decide(
            kept, new TakeRow(kept.Order, cause, desk.RecordedAt, change, books.KeyChanged, books.InDoubt, completedAt, kept.State.DueAt), books.Row, now);
    }

    KeptSettlement Decide(KeptSettlement kept, PendingCommand command, ImmutableArray<byte> row, UtcInstant now) =>
        kept.After(transactor.Transact(kept.State, command, row.AsSpan()), command.Cause, row, settings, now);
}
