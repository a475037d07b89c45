using StreamSettle.Connectors.Embedded.Records;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>
/// What one transaction does to the tables whose rows count as they are known, at whatever moment: nothing of it is written before its commit, and of each key only
/// what it ends with, so that nobody ever sees a row as it was in between.
/// </summary>
/// <param name="bytesMax">Of a transaction that does more than that, the parts count as they come.</param>
internal sealed class WholeRows(long bytesMax)
{
    readonly List<HeldChange> changes = [];
    readonly Dictionary<(int Table, long Key), (HeldChange Change, bool Puts)> last = [];
    long bytes;

    public bool IsTooMuch => bytes > bytesMax;

    /// <summary>Takes a change with the row before it, where it told that, the row after it, or both.</summary>
    public void Hold(TableShape shape, RowCells? before, RowCells? after, ReadOnlySpan<byte> message, ChangePoint point)
    {
        var change = new HeldChange(message.ToArray(), shape, point);
        changes.Add(change);
        bytes += message.Length + HeldChange.OwnBytes;
        if (shape.KeyOf(before, message) is { } from)
        {
            Touch((shape.Table.Index, from), change, puts: false);
        }

        if (shape.KeyOf(after, message) is { } to)
        {
            Touch((shape.Table.Index, to), change, puts: true);
        }
    }

    /// <summary>Nothing is left of the table, and what was changed in it before does not matter any more.</summary>
    public void Truncate(TableShape shape, ChangePoint point)
    {
        changes.RemoveAll(change => change.Shape.Table.Index == shape.Table.Index);
        foreach (var key in last.Keys.Where(key => key.Table == shape.Table.Index).ToList())
        {
            last.Remove(key);
        }

        changes.Add(new([], shape, point));
    }

    /// <summary>
    /// The changes so far in their order, each with what of it is to be written, and behind them what emptied tables: the new rows stand above it, and who reads in
    /// several steps never sees a table that is filled again as an empty one. Nothing is held afterwards.
    /// </summary>
    public IReadOnlyList<HeldChange> Take()
    {
        if (changes.Count == 0)
        {
            return [];
        }

        HeldChange[] taken = [.. changes.Where(change => !change.Message.IsEmpty), .. changes.Where(change => change.Message.IsEmpty)];
        Clear();
        return taken;
    }

    /// <summary>Forgets a transaction that is not read to its end.</summary>
    public void Clear()
    {
        changes.Clear();
        last.Clear();
        bytes = 0;
    }

    void Touch((int Table, long Key) key, HeldChange change, bool puts)
    {
        if (last.TryGetValue(key, out var before) && before.Change != change)
        {
            (before.Change.Takes, before.Change.Puts) = before.Puts ? (before.Change.Takes, false) : (false, before.Change.Puts);
        }

        last[key] = (change, puts);
    }
}
