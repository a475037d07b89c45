using System.Buffers.Binary;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Merchants;

/// <summary>
/// A global table: rows by key with the position of their last change, and up to where each partition of its topic was swept. Rows below a sweep go when every
/// partition has come to it, so that a row that was written anew before the sweep is never missing between.
/// </summary>
/// <remarks>
/// <code>
///  key(8)       -> row; see PositionedRow
///  partition(4) -> the highest sweep that was read there; see ChangePosition
/// </code>
/// </remarks>
/// <param name="partitions">Of the table's topic.</param>
sealed class PositionedTable(IKeyValueStore store, int partitions)
{
    const int RowKeySize = sizeof(long);
    readonly Kernel.Bytes.ByteBuffer scratch = new();

    /// <summary>True when a change of the row is news; then what its position is to be remembered as.</summary>
    public bool IsNews(long id, int partition, ChangePosition change, out ChangePosition kept)
    {
        Span<byte> key = stackalloc byte[RowKeySize];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        var applied = store.TryGet(key, out var known) ? PositionedRow.Read(known).Position : ChangePosition.None;
        var swept = Swept(partition);
        kept = change.Over(applied.LiesBelow(swept) ? swept : applied);
        return change.IsAfter(applied) && !(change.HasLsn && change.LiesBelow(swept));
    }

    /// <summary>The row as it is kept; empty where there is none. Good until the store is asked again.</summary>
    public ReadOnlySpan<byte> RowOf(long id)
    {
        Span<byte> key = stackalloc byte[RowKeySize];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        return store.TryGet(key, out var known) ? PositionedRow.Read(known).Row : [];
    }

    public void Put(long id, ReadOnlySpan<byte> row)
    {
        Span<byte> key = stackalloc byte[RowKeySize];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        store.Put(key, row);
    }

    /// <summary>Every row with an older position is gone, and what is older yet to come does not count.</summary>
    public void Sweep(int partition, ChangePosition sweep)
    {
        if (!Swept(partition).LiesBelow(sweep))
        {
            return;
        }

        var before = SweptEverywhere();
        scratch.Clear();
        sweep.Write(new(scratch));
        Span<byte> key = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(key, partition);
        store.Put(key, scratch.Written);
        var now = SweptEverywhere();
        if (before.LiesBelow(now))
        {
            DropBelow(now);
        }
    }

    void DropBelow(ChangePosition sweep)
    {
        using var scan = store.Scan([], []);
        while (scan.MoveNext())
        {
            if (scan.Key.Length == RowKeySize && PositionedRow.Read(scan.Value).Position.LiesBelow(sweep))
            {
                store.Delete(scan.Key);
            }
        }
    }

    ChangePosition SweptEverywhere()
    {
        var lowest = Swept(0);
        for (var partition = 1; partition < partitions; partition++)
        {
            var swept = Swept(partition);
            lowest = swept.LiesBelow(lowest) ? swept : lowest;
        }

        return lowest;
    }

    ChangePosition Swept(int partition)
    {
        Span<byte> key = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(key, partition);
        if (!store.TryGet(key, out var value))
        {
            return ChangePosition.None;
        }

        var from = new Kernel.Bytes.ByteReader(value);
        return ChangePosition.Read(ref from);
    }
}
