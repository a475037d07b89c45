using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// A change that cannot be read is set aside with its bytes, and the stream goes on. Where its key tells an order that is scheduled, that order is refused:
/// the change may have been a cancellation or a refund, so what was known before must not be paid. The next change that can be read lifts it.
/// </summary>
sealed class UnreadableChanges(OpenOrders orders, ClockDesk desk, ISerde<OrderId> keys)
{
    public void Handle(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, string reason, string cause)
    {
        desk.SetAside(key, value, reason);
        if (!TryReadKey(key, out var id) || !orders.TryGet(id, out var order) || order.Stage != PendingStage.Scheduled)
        {
            return;
        }

        desk.Refuse(id, order.Row().Merchant, cause, Refusals.UnreadableChange, order.RowBytes);
        orders.Put(
            id,
            new()
            {
                Stage = PendingStage.Refused, KeyChanged = order.KeyChanged, InTime = order.InTime, Position = order.Position, OtherCause = order.OtherCause,
                DueAt = order.DueAt, Refusal = Refusals.UnreadableChange, RowBytes = order.RowBytes,
            },
            order);
    }

    bool TryReadKey(ReadOnlySpan<byte> key, out OrderId id)
    {
        try
        {
            id = keys.Read(key);
            return true;
        }
        catch (SerdeException)
        {
            id = default;
            return false;
        }
    }
}
