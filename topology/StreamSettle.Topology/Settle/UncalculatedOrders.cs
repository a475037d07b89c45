using System.Collections.Immutable;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Settle;

/// <summary>What happens to an order between its mark and its calculation: gathers what a decision rests on, has it decided, and says what is to be kept of it.</summary>
sealed class UncalculatedOrders(SettleTransactor transactor, SettleOutputs outputs, OrderMath math, SettlementSettings settings)
{
    public KeptSettlement Follow(KeptSettlement kept, in OrderMessage message, UtcInstant now) => message.Kind switch
    {
        OrderMessageKind.Changed or OrderMessageKind.Deleted => Change(kept, message, now),
        OrderMessageKind.Unreadable when kept.State.IsScheduled => Decide(kept, new TakeUnreadable(Context(kept, message.Cause)), kept.Books.Row, now),
        OrderMessageKind.Overtaken when kept.State.Pending is { Stage: PendingStage.Refused, Refusal: Refusals.UnreadableChange } && !kept.Books.Order.InDoubt =>
            Relieve(kept, message.Cause, now),
        _ => kept,
    };

    public KeptSettlement Operate(KeptSettlement kept, OperatorRequest.OfKey request, UtcInstant now)
    {
        if (kept.State.Pending.Stage != PendingStage.Refused || request.Key.N != 0 || (request is OperatorRequest.Replay && kept.Books.Row.IsEmpty))
        {
            return kept;
        }

        return request switch
        {
            OperatorRequest.Replay replay => Replay(kept, replay, now),
            OperatorRequest.Discard discard => Decide(kept, new DiscardOrder(Context(kept, discard.Cause), discard.By, discard.Note), kept.Books.Row, now),
            _ => throw new BrokenInvariantException($"unknown request {request}"),
        };
    }

    /// <summary>After a rebuild the row comes with the whole reading of the source; till then there is nothing to be decided over.</summary>
    KeptSettlement Replay(KeptSettlement kept, OperatorRequest.Replay request, UtcInstant now)
    {
        var books = kept.Books;
        var completedAt = Rows.Read(books.Row.AsSpan()).CompletedAt;
        var replay = new ReplayOrder(Context(kept, request.Cause), request.By, LastKnown(completedAt), books.Order.InDoubt, completedAt, DueAt: null, request.Note);
        return Decide(kept with { Books = books with { Order = books.Order with { KeyChanged = false } } }, replay, books.Row, now);
    }

    KeptSettlement Change(KeptSettlement kept, in OrderMessage message, UtcInstant now)
    {
        var (state, known) = (kept.State, kept.Books.Row);
        var isRow = message.Kind == OrderMessageKind.Changed;
        var row = isRow ? message.Row() : default;
        var completed = isRow && row.Status == OrderStatus.Completed;
        var due = completed && row.CompletedAt is not null ? math.DueAt(row, state.Merchant) : state.DueAt;
        var reason = isRow ? CancelReasons.Of(row.Status) : message.KeyChanged ? CancelReasons.KeyChanged : CancelReasons.Deleted;
        var same = completed && (known.IsEmpty || OrderTerms.SameBesidesMerchant(Rows.Read(known.AsSpan()), row));
        var readAgain = completed && !known.IsEmpty && Causes.IsReading(message.Cause) && OrderTerms.Same(Rows.Read(known.AsSpan()), row);
        var change = new PendingChange(completed, reason, row.CompletedAt is not null, same, due != state.DueAt, Ours: true, TooOld: false, readAgain);
        var books = kept.Books.Order with { KeyChanged = kept.Books.Order.KeyChanged || (isRow && message.KeyChanged) };
        return Decide(
            kept with { Books = kept.Books with { Order = books } },
            new TakeRow(Context(kept, message.Cause), change, books.KeyChanged, books.InDoubt, row.CompletedAt, due),
            [.. message.RowBytes], now);
    }

    /// <summary>What could not be read is known already: the order goes on with that.</summary>
    KeptSettlement Relieve(KeptSettlement kept, string cause, UtcInstant now)
    {
        var (books, completedAt) = (kept.Books.Order, Rows.Read(kept.Books.Row.AsSpan()).CompletedAt);
        var relieved = new TakeRow(Context(kept, cause), LastKnown(completedAt), books.KeyChanged, books.InDoubt, completedAt, kept.State.DueAt);
        return Decide(kept, relieved, kept.Books.Row, now);
    }

    static PendingChange LastKnown(UtcInstant? completedAt) =>
        new(Completed: true, "", completedAt is not null, SameTerms: true, MarkMoved: false, Ours: true, TooOld: false);

    KeptSettlement Decide(KeptSettlement kept, PendingCommand command, ImmutableArray<byte> row, UtcInstant now) =>
        kept.After(transactor.Transact(kept, command, row.AsSpan()), command.Cause, row, settings, now);

    CommandContext Context(KeptSettlement kept, string cause) => new(kept.Order, kept.State.Merchant, cause, outputs.RecordedAt);
}
