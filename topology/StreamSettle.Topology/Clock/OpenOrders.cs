using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Clock;

/// <summary>The clock's windowed store: orders by id, and an index by (time, id) that is walked from its head. Nothing leaves it by age alone.</summary>
sealed class OpenOrders(IKeyValueStore byId, IKeyValueStore byDue, ForgottenOrders forgotten, Tally tally)
{
    readonly ByteBuffer scratch = new();

    /// <summary>How far orders were forgotten.</summary>
    public ForgottenOrders Forgotten => forgotten;

    public bool TryGet(OrderId id, out OpenOrder order)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        order = byId.TryGet(key, out var value) ? OpenOrder.Read(value) : default;
        return !value.IsEmpty;
    }

    /// <summary>Writes the order, and moves it in the index from where it was before.</summary>
    public void Put(OrderId id, in OpenOrder order, in OpenOrder before)
    {
        ClockTally.Moved(tally, before.Stage, order.Stage);
        var (indexedBefore, indexedNow) = (before.IndexedAt, order.IndexedAt);
        scratch.Clear();
        var to = new ByteWriter(scratch);
        order.WriteHead(to);
        to.Raw(order.RowBytes);
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        byId.Put(key, scratch.Written);
        if (indexedBefore != indexedNow)
        {
            Unindex(id, indexedBefore);
            Index(id, indexedNow);
        }
    }

    /// <param name="completedAt">Of a calculated order; null else.</param>
    public void Forget(OrderId id, in OpenOrder order, UtcInstant? completedAt = null)
    {
        forgotten.Add(order.DueAt, completedAt);
        ClockTally.Moved(tally, order.Stage, Pending.PendingStage.Unknown);
        var indexed = order.IndexedAt;
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(id, key);
        byId.Delete(key);
        Unindex(id, indexed);
    }

    /// <summary>The index from the lowest time that can have entries to <paramref name="through"/>, inclusive.</summary>
    public StoreScan Due(UtcInstant from, UtcInstant through) => DueIndex.Scan(byDue, from, through);

    /// <summary>All orders from a key on, by the unsigned value of their ids.</summary>
    public StoreScan From(ulong first)
    {
        Span<byte> key = stackalloc byte[OrderKey.Size];
        OrderKey.Write(new((long)first), key);
        return byId.Scan(key, []);
    }

    void Index(OrderId id, UtcInstant? at)
    {
        if (at is { } due)
        {
            LowestIndexed = due < LowestIndexed ? due : LowestIndexed;
            DueIndex.Put(byDue, new(due, id));
        }
    }

    void Unindex(OrderId id, UtcInstant? at)
    {
        if (at is { } due)
        {
            DueIndex.Delete(byDue, new(due, id));
        }
    }

    /// <summary>No entry of the index is below: a scan that starts here does not wade through what fired before.</summary>
    public UtcInstant LowestIndexed { get; set; } = new(long.MinValue);
}
