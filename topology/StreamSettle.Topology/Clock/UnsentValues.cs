using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Fills in what a change left alone and did not tell: from the row that is kept of the order, where nothing in between could not be read, else from the shop's row as it is now. That may be
/// of a later change already, which counts as well: nothing is calculated yet. What nobody needs is not asked for. Changes nothing.
/// </summary>
sealed class UnsentValues(OpenOrders orders, ISourceRows rows, SettlementSettings settings)
{
    readonly ByteBuffer filled = new();

    /// <param name="change">Is replaced by the same one with all of its row; the row is good until the next call. What settle has to look for itself stays open.</param>
    /// <param name="isReplay">It comes from a dead letter: what is kept may be of a later change.</param>
    /// <returns>Why nobody can tell; null where the change can be taken.</returns>
    /// <exception cref="EnvironmentFailedException">It is not known yet.</exception>
    public string? Fill(ref OrderChange change, RecordMetadata at, bool isReplay)
    {
        if (change.Op != ChangeOp.Upsert || change.Row.Unsent == UnsentOrderColumns.None)
        {
            return null;
        }

        var known = orders.TryGet(change.Id, out var order);
        if (known && !(isReplay ? order.IsNews(change.Position, at.Offset) : change.Position.IsAfter(order.Position)))
        {
            return null;
        }

        if (!IsNeeded(order, change.Row))
        {
            Keep(ref change, change.Row with { Unsent = UnsentOrderColumns.None });
            return null;
        }

        if (!isReplay && !order.RowBytes.IsEmpty && !order.Books.InDoubt)
        {
            Keep(ref change, change.Row.FilledFrom(order.Row()));
            return null;
        }

        return Ask(ref change, isHandedOver: order.Stage == PendingStage.HandedOver);
    }

    /// <summary>Of an order that is not to be settled the clock keeps no row, and settle looks at the status, or at what was refunded, alone.</summary>
    bool IsNeeded(in OpenOrder order, in OrderRow row) =>
        row.Unsent.HasFlag(UnsentOrderColumns.Status)
        || (row.Status == OrderStatus.Completed && order.Stage != PendingStage.GivenUp
            && (order.State.IsWaiting || order.Stage == PendingStage.HandedOver || settings.CompletedSince is not { } since || !(row.CompletedAt < since)));

    string? Ask(ref OrderChange change, bool isHandedOver)
    {
        var row = change.Row;
        if (rows.Order(change.Id, change.Position) is not { } now)
        {
            // What becomes of an order that is gone is told next; settle may still have what it needs until then.
            return isHandedOver ? null : $"it does not tell {row.Unsent}, which nothing is kept of, and the shop has no such row to be read: orders must have REPLICA IDENTITY FULL";
        }

        var known = new OrderRow
        {
            Id = row.Id, Merchant = row.Merchant, BuyerCountry = now.BuyerCountry, HasCategory = now.Category is not null, Category = now.Category, Currency = now.Currency,
            Status = now.Status ?? OrderStatus.Other, Invoice = now.Invoice,
        };
        var isMissing = (row.Unsent.HasFlag(UnsentOrderColumns.BuyerCountry) && now.BuyerCountry is null)
            || (row.Unsent.HasFlag(UnsentOrderColumns.Currency) && now.Currency is null)
            || (row.Unsent.HasFlag(UnsentOrderColumns.Status) && now.Status is null);
        if (isMissing)
        {
            return $"it does not tell {row.Unsent}, and in the shop's row there is nothing in its place";
        }

        Keep(ref change, row.FilledFrom(known));
        return null;
    }

    void Keep(ref OrderChange change, in OrderRow row)
    {
        filled.Clear();
        row.Write(new(filled));
        change = new()
        {
            Op = change.Op, Id = change.Id, Position = change.Position, CommittedAt = change.CommittedAt, TxId = change.TxId, WasCompleted = change.WasCompleted, Row = Rows.Read(filled.Written),
        };
    }
}
