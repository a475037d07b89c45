using System.Buffers.Binary;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Benchmarks.Clock;

/// <summary>The clock's two stores: orders by id, and an index by (due, id) that a punctuation walks.</summary>
/// <remarks><code>
///  orders: id(8, BE) -> version(8, BE) | due(8, BE) | payload      index: due(8, BE) | id(8, BE) -> nothing
/// </code></remarks>
sealed class PendingStore(ILogClient client)
{
    const int IdSize = sizeof(long);
    const int HeadSize = 2 * sizeof(long);
    const int PayloadSize = 80;
    static readonly TaskId Task = new(0, 0);
    static readonly StoreSpec Orders = new("open-orders");
    static readonly StoreSpec Index = new("open-orders-by-due");

    readonly OverlayStore orders = new(Orders, client.OpenStore(Orders, Task));
    readonly OverlayStore index = new(Index, client.OpenStore(Index, Task));
    readonly LogCommit commit = new();
    readonly byte[] value = new byte[HeadSize + PayloadSize];
    long firedDue;

    /// <summary>Orders that came due and left.</summary>
    public long Fired { get; private set; }

    /// <summary>Keeps the newest version of an order; false for one that is not newer.</summary>
    public bool Upsert(long id, long version, long due)
    {
        Span<byte> key = stackalloc byte[IdSize];
        Span<byte> indexKey = stackalloc byte[2 * IdSize];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        if (orders.TryGet(key, out var kept))
        {
            if (BinaryPrimitives.ReadInt64BigEndian(kept) >= version)
            {
                return false;
            }

            var keptDue = BinaryPrimitives.ReadInt64BigEndian(kept[sizeof(long)..]);
            if (keptDue != due)
            {
                WriteIndexKey(indexKey, keptDue, id);
                index.Delete(indexKey);
            }
        }

        BinaryPrimitives.WriteInt64BigEndian(value, version);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(sizeof(long)), due);
        orders.Put(key, value);
        WriteIndexKey(indexKey, due, id);
        index.Put(indexKey, default);
        return true;
    }

    /// <summary>Takes out what is due by <paramref name="now"/>, from where the last call ended.</summary>
    public void Fire(long now)
    {
        Walk(firedDue, now);
        firedDue = now;
    }

    /// <summary>Walks what is due by <paramref name="now"/> from <paramref name="from"/>.</summary>
    public void Walk(long from, long now)
    {
        Span<byte> start = stackalloc byte[2 * IdSize];
        Span<byte> end = stackalloc byte[2 * IdSize];
        WriteIndexKey(start, from, 0);
        WriteIndexKey(end, now + 1, 0);
        using var due = index.Scan(start, end);
        while (due.MoveNext())
        {
            var id = due.Key[IdSize..];
            Fired += orders.TryGet(id, out var order) && order.Length == value.Length ? 1 : 0;
            orders.Delete(id);
            index.Delete(due.Key);
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

    static void WriteIndexKey(Span<byte> key, long due, long id)
    {
        BinaryPrimitives.WriteInt64BigEndian(key, due);
        BinaryPrimitives.WriteInt64BigEndian(key[IdSize..], id);
    }
}
