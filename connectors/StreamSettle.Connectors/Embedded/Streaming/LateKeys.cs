using System.Buffers.Binary;
using StreamSettle.Connectors.Embedded.Records;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>
/// The changes that one transaction makes to tables whose key is checked late, with the statement or the commit. Until then two rows may have one key, and what stands
/// higher in the WAL may be a change of the row that goes. So they are held until the commit, when at most one row of a key is left, and what says anything else is
/// not written. What the server tells of a row before each change says which one it is.
/// </summary>
/// <param name="bytesMax">More than that is not held.</param>
internal sealed class LateKeys(long bytesMax)
{
    readonly List<HeldChange> changes = [];
    readonly Dictionary<(int Table, long Key), List<HeldRow>> keys = [];
    readonly ByteBuffer image = new(256);
    TableName? unclear;
    bool keysMoved;
    long bytes;

    /// <summary>Takes a change with the row before it, the row after it, or both.</summary>
    public void Hold(TableShape shape, RowCells? before, RowCells? after, ReadOnlySpan<byte> message, ChangePoint point)
    {
        var (from, to) = (shape.KeyOf(before, message), shape.KeyOf(after, message));
        keysMoved |= from is not null && to is not null && from != to;
        if (unclear is not null)
        {
            return;
        }

        var change = new HeldChange(message.ToArray(), shape, point);
        changes.Add(change);
        var row = before is null ? null : Find((shape.Table.Index, from!.Value), Image(shape, before, null, message));
        if (after is null || from != to)
        {
            row?.Take(change);
            row = null;
        }

        if (after is not null)
        {
            row ??= Add((shape.Table.Index, to!.Value), wasThere: false);
            row.Put(change, Image(shape, after, before, message));
        }

        bytes += message.Length + image.Written.Length + HeldChange.OwnBytes;
        if (bytes > bytesMax)
        {
            GiveUp(shape.Table.Name);
        }
    }

    /// <summary>Nothing is left of the table, and what was changed in it before does not matter any more.</summary>
    public void Truncate(TableShape shape)
    {
        changes.RemoveAll(change => change.Shape.Table.Index == shape.Table.Index);
        foreach (var key in keys.Keys.Where(key => key.Table == shape.Table.Index).ToList())
        {
            keys.Remove(key);
        }
    }

    /// <summary>At the commit: the changes in their order, each with what of it is to be written. Nothing is held afterwards.</summary>
    /// <exception cref="SourceChangedException">They were too many, or contradict each other.</exception>
    /// <exception cref="UserMistakeException">They were too many, and reading the tables again would not tell which order became which.</exception>
    public IReadOnlyList<HeldChange> Settle()
    {
        foreach (var rows in unclear is null ? [.. keys.Values] : Array.Empty<List<HeldRow>>())
        {
            Settle(rows);
        }

        if (unclear is { } table)
        {
            throw keysMoved ? Lost(table) : new SourceChangedException(
                $"a transaction changed too much of {table}, whose key is deferrable, to tell which row of a key is left; it is read again. With a key that is not deferrable this does not happen",
                inStream: true);
        }

        var settled = changes.ToArray();
        Clear();
        return settled;
    }

    /// <summary>Forgets a transaction that is not read to its end.</summary>
    public void Clear()
    {
        changes.Clear();
        keys.Clear();
        (bytes, unclear, keysMoved) = (0, null, false);
    }

    void Settle(List<HeldRow> rows)
    {
        var left = rows.Where(row => row.Image is not null).ToList();
        if (left.Count > 1)
        {
            unclear = changes[0].Shape.Table.Name;
            return;
        }

        // Without a row of the transaction's own, what was there is as it says itself, or was not touched.
        var said = left.FirstOrDefault() ?? rows.Find(row => row.WasThere);
        var from = said is { WasThere: false } ? said.FirstLsn : 0;
        foreach (var row in rows.Where(row => row != said))
        {
            row.Drop(from);
        }
    }

    HeldRow Find((int Table, long Key) key, byte[] before)
    {
        var known = keys.GetValueOrDefault(key)?.FindLast(row => row.Image is { } last && last.AsSpan().SequenceEqual(before));
        return known ?? Add(key, wasThere: true);
    }

    HeldRow Add((int Table, long Key) key, bool wasThere)
    {
        if (!keys.TryGetValue(key, out var rows))
        {
            keys[key] = rows = [];
        }

        if (wasThere && rows.Exists(row => row.WasThere))
        {
            GiveUp(changes[^1].Shape.Table.Name);
        }

        var added = new HeldRow(wasThere);
        rows.Add(added);
        return added;
    }

    void GiveUp(TableName table)
    {
        unclear = table;
        changes.Clear();
        keys.Clear();
    }

    byte[] Image(TableShape shape, RowCells row, RowCells? before, ReadOnlySpan<byte> message)
    {
        image.Clear();
        foreach (var column in shape.Naming!)
        {
            var cell = row[column].State == CellState.Unchanged && before is not null ? before[column] : row[column];
            BinaryPrimitives.WriteInt32LittleEndian(image.GetSpan(sizeof(int)), cell.State == CellState.Value ? cell.Length : -1 - (int)cell.State);
            image.Advance(sizeof(int));
            image.Write(cell.In(message));
        }

        return image.Written.ToArray();
    }

    static UserMistakeException Lost(TableName table) => new(
        $"a transaction that changed primary keys of {table}, whose key is deferrable, is too large to tell which of them became which. {Remedies.ReadAnew} "
        + "Make the key one that is not deferrable, or change keys in smaller transactions.");
}
