using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Settle;

/// <summary>Fills in what a change did not tell, and the shop had no row any more to be asked for, from the row that settle keeps until the calculation.</summary>
sealed class UnsentRow
{
    readonly ByteBuffer filled = new();

    /// <returns>The message with all of its row, or as one that cannot be read; its row is good until the next call.</returns>
    public OrderMessage Filled(KeptSettlement kept, OrderMessage message)
    {
        if (message.Kind != OrderMessageKind.Changed || kept.State.Settled is not null)
        {
            return message;
        }

        var row = message.Row();
        if (row.Unsent == UnsentOrderColumns.None)
        {
            return message;
        }

        if (kept.Books.Row.IsEmpty || kept.Books.Order.InDoubt)
        {
            return With(message, OrderMessageKind.Unreadable, []);
        }

        filled.Clear();
        row.FilledFrom(Rows.Read(kept.Books.Row.AsSpan())).Write(new(filled));
        return With(message, message.Kind, filled.Written);
    }

    static OrderMessage With(OrderMessage message, OrderMessageKind kind, ReadOnlySpan<byte> row) => new()
    {
        Kind = kind, Order = message.Order, Merchant = message.Merchant, Cause = message.Cause, Transaction = message.Transaction, DueAt = message.DueAt, Offset = message.Offset,
        ClockTask = message.ClockTask, KeyChanged = message.KeyChanged, CutsOff = message.CutsOff, InTime = message.InTime, RowBytes = row,
    };
}
