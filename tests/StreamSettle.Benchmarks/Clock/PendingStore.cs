using System.Buffers.Binary;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Windows;

namespace StreamSettle.Benchmarks.Clock;

/// <summary>The clock's two stores: orders by id, and the due windows of their ids that a punctuation takes from.</summary>
/// <remarks><code>
///  orders: id(8, BE) -> version(8, BE) | due(8, BE) | payload
/// </code></remarks>
sealed class PendingStore
{
    const int IdSize = sizeof(long);
    const int HeadSize = 2 * sizeof(long);
    const int PayloadSize = 80;

    /// <summary>Orders in a window: as many as a task of a busy shop has in a minute (200 orders a second over 16 partitions).</summary>
    static readonly TimeSpan Window = TimeSpan.FromMicroseconds(750);

    static readonly TaskId Task = new(0, 0);
    static readonly StoreSpec Orders = new("open-orders");
    static readonly StoreSpec Index = new("open-orders-by-due");

    readonly ILogClient client;
    readonly OverlayStore orders;
    readonly OverlayStore index;
    readonly DueWindowStore windows;
    readonly LogCommit commit = new();
    readonly byte[] value = new byte[HeadSize + PayloadSize];

    public PendingStore(ILogClient client)
    {
        this.client = client;
        orders = new(Orders, client.OpenStore(Orders, Task));
        index = new(Index, client.OpenStore(Index, Task));
        windows = new(index, Window);
    }

    /// <summary>Orders that came due and left.</summary>
    public long Fired { get; private set; }

    /// <summary>Keeps the newest version of an order; false for one that is not newer.</summary>
    public bool Upsert(long id, long version, long due)
    {
        Span<byte> key = stackalloc byte[IdSize];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        UtcInstant? before = null;
        if (orders.TryGet(key, out var kept))
        {
            if (BinaryPrimitives.ReadInt64BigEndian(kept) >= version)
            {
                return false;
            }

            before = new(BinaryPrimitives.ReadInt64BigEndian(kept[sizeof(long)..]));
        }

        BinaryPrimitives.WriteInt64BigEndian(value, version);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(sizeof(long)), due);
        orders.Put(key, value);
        windows.Move(before, new(due), key);
        return true;
    }

    /// <summary>Takes out what is due by <paramref name="now"/>.</summary>
    public void Fire(long now)
    {
        using var due = windows.Take(new(now));
        while (due.MoveNext())
        {
            var id = due.Key;
            Fired += orders.TryGet(id, out var order) && order.Length == value.Length ? 1 : 0;
            orders.Delete(id);
        }
    }

    /// <summary>Walks the index from its beginning, over all that was dropped: what a reader pays who does not know where the first window is.</summary>
    public void WalkAll()
    {
        using var all = index.All();
        for (var left = 2; left > 0 && all.MoveNext(); left--)
        {
        }
    }

    public void Commit()
    {
        commit.Clear();
        commit.Stores.Add((Orders, Task, orders.Changes));
        commit.Stores.Add((Index, Task, index.Changes));
        client.Commit(commit);
        orders.ClearOverlay();
        index.ClearOverlay();
    }
}
