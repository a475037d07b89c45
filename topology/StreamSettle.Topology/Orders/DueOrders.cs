using System.Buffers.Binary;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Windows;

namespace StreamSettle.Topology.Orders;

/// <summary>Order ids by the time at which they have to be looked at, in windows of marks.</summary>
sealed class DueOrders
{
    /// <summary>Marks in a window: long against the time between two punctuations, short against the delay of any order.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly DueWindowStore windows;
    readonly DueOrderScan scan = new();

    /// <param name="entries">Its store, which nobody else writes.</param>
    public DueOrders(IKeyValueStore entries) => windows = new(entries, Window);

    /// <summary>Moves an order; null is nowhere.</summary>
    public void Move(OrderId order, UtcInstant? from, UtcInstant? to)
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, order.Value ^ long.MinValue);
        windows.Move(from, to, key);
        scan.Moved(order);
    }

    /// <summary>Takes the orders up to <paramref name="through"/> (inclusive) by time and id; each has to be moved before the next one is taken.</summary>
    public DueOrderScan Take(UtcInstant through, int max) => scan.Over(windows.Take(through, max));

    /// <summary>The first time up to <paramref name="through"/> (inclusive); null for none.</summary>
    public UtcInstant? First(UtcInstant through) => windows.First(through);

    public static OrderId OrderOf(ReadOnlySpan<byte> key) => new(BinaryPrimitives.ReadInt64BigEndian(key) ^ long.MinValue);
}
