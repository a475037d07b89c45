using System.Text;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Output;
using StreamSettle.Connectors.Embedded.Records;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>
/// Turns the messages of whole transactions into change records. With protocol version 1 the server sends a transaction only after its commit, in commit
/// order, so what has begun here cannot be rolled back any more.
/// </summary>
/// <param name="known">The tables as they were looked at, by their index.</param>
internal sealed class TransactionReader(
    EmbeddedCdcOptions options, IReadOnlyList<CapturedTable> tables, CdcOffset start, IReadOnlyList<TableFacts> known, SourceMarks marks, TimeProvider time)
{
    /// <summary>2000-01-01 in microseconds since 1970: where PostgreSQL's own times begin.</summary>
    const long PostgresEpochUs = 946_684_800_000_000;

    readonly Dictionary<uint, TableShape?> shapes = [];
    readonly ChangeRecords records = new(new EnvelopeWriter(time));
    readonly RowCells old = new();
    readonly RowCells row = new();
    readonly LateKeys late = new(options.HeldBytes);
    readonly WholeRows whole = new(options.HeldBytes);
    ulong commit;
    uint txId;
    long committedUs;
    (long At, string Content)? markAhead;
    MarkPoint? toProve = start.MarkToCome;
    bool isKnown;

    /// <summary>A transaction has begun and not ended.</summary>
    public bool InTransaction { get; private set; }

    /// <summary>End of the last whole transaction; 0 before the first.</summary>
    public ulong LastCommit { get; private set; }

    /// <summary>The server has shown that its history is the one that was read.</summary>
    public bool IsProven => toProve is null;

    /// <summary>The last mark whose transaction is whole; null before the first.</summary>
    public MarkPoint? LastMark { get; set; }

    /// <summary>When the last mark of ours was written whose transaction is whole; the caller clears it. Null for none.</summary>
    public long? MarkedAt { get; set; }

    /// <summary>Takes one message.</summary>
    /// <param name="lsn">Start of its WAL record.</param>
    /// <param name="into">Where its records go.</param>
    public void Take(ReadOnlySpan<byte> message, ulong lsn, CdcBatch into)
    {
        var from = new PgOutputReader(message);
        switch (from.Byte())
        {
            case (byte)'B':
                Begin(from.UInt64());
                committedUs = (long)from.UInt64() + PostgresEpochUs;
                txId = from.UInt32();
                break;
            case (byte)'C':
                Commit(ref from, into);
                break;
            case (byte)'R':
                Relation(ref from);
                break;
            case (byte)'M':
                Message(ref from);
                break;
            case (byte)'I' or (byte)'U' or (byte)'D' or (byte)'T' when isKnown:
                break;
            case (byte)'I' or (byte)'U' or (byte)'D':
                Change(ref from, message, Point(lsn), into);
                break;
            case (byte)'T':
                Truncate(ref from, Point(lsn), into);
                break;
            default:
                // Type and Origin say nothing that a record of ours tells.
                break;
        }
    }

    ChangePoint Point(ulong lsn) => new(lsn, txId, committedUs, commit, SnapshotLabel.False);

    /// <summary>What was committed before the offset comes again only to prove that it is the same, and is in the log already.</summary>
    /// <exception cref="UserMistakeException">It is not the same.</exception>
    void Begin(ulong at)
    {
        (commit, InTransaction, isKnown) = (at, true, at < start.Lsn);
        late.Clear();
        whole.Clear();
        if (toProve is not null && at != toProve.Commit)
        {
            throw Resume.OtherHistory(toProve);
        }
    }

    void Commit(ref PgOutputReader from, CdcBatch into)
    {
        if (toProve is not null)
        {
            throw Resume.OtherHistory(toProve);
        }

        Write(late.Settle(), into);
        Write(whole.Take(), into);
        from.Byte();
        from.UInt64();
        LastCommit = from.UInt64();
        InTransaction = false;
        if (markAhead is { } mark)
        {
            (MarkedAt, LastMark, markAhead) = (mark.At, new(commit, mark.Content), null);
        }
    }

    void Relation(ref PgOutputReader from)
    {
        var id = from.UInt32();
        var name = new TableName(from.Text(), from.Text());
        var identity = (char)from.Byte();
        var columns = new (string Name, uint TypeOid)[from.UInt16()];
        for (var i = 0; i < columns.Length; i++)
        {
            from.Byte();
            columns[i] = (from.Text(), from.UInt32());
            from.UInt32();
        }

        var table = tables.FirstOrDefault(table => table.Name == name);
        CheckShape(table, id, name, identity, columns);
        shapes[id] = table is null ? null : new TableShape(table, options.TopicPrefix, start.Database, columns, known[table.Index].NamingOf(table));
    }

    /// <summary>No record is written of a table that is not as the catalog showed it before the stream began: what is missing there would count as empty.</summary>
    /// <exception cref="SourceChangedException">The shape is another one.</exception>
    void CheckShape(CapturedTable? table, uint id, TableName name, char identity, (string Name, uint TypeOid)[] columns)
    {
        var was = table is null ? known.FirstOrDefault(was => was.Oid == id) : known[table.Index];
        if (was is null)
        {
            return;
        }

        var same = table is not null && was.Oid == id && was.Identity == identity && table.Columns.All(column =>
            columns.FirstOrDefault(now => now.Name == column.Name) == (was.Columns.FirstOrDefault(then => then.Name == column.Name) is { } then ? (then.Name, then.TypeOid) : default));
        if (!same)
        {
            throw new SourceChangedException($"{table?.Name ?? name} was altered: changes come by another shape than its catalog showed; it is looked at and read again", inStream: true);
        }
    }

    void Change(ref PgOutputReader from, ReadOnlySpan<byte> message, ChangePoint point, CdcBatch into)
    {
        // Of an outbox only what is inserted says anything.
        if (shapes.GetValueOrDefault(from.UInt32()) is not { } shape || (shape.Table.IsOutbox && message[0] != 'I'))
        {
            return;
        }

        var (op, told) = ReadRows(ref from, (char)message[0]);
        if (shape.Naming is null)
        {
            WriteOrHold((op, told), new(shape, message, point), into);
            return;
        }

        // Without a row before it an update has left alone what names the row.
        var before = told != 'N' ? old : op == 'U' ? row : null;
        late.Hold(shape, before, op == 'D' ? null : row, message, point);
    }

    void WriteOrHold((char Op, char Told) change, in ToldChange told, CdcBatch into)
    {
        if (!told.Shape.Table.CountsAsKnown)
        {
            Write(change, told, into, takes: true, puts: true);
            return;
        }

        whole.Hold(told.Shape, change.Told == 'N' ? null : old, change.Op == 'D' ? null : row, told.Bytes, told.Point);
        if (whole.IsTooMuch)
        {
            Write(whole.Take(), into);
        }
    }

    void Write(IReadOnlyList<HeldChange> changes, CdcBatch into)
    {
        foreach (var held in changes)
        {
            if (held.Message.IsEmpty)
            {
                records.Sweep(into, held.Shape, held.Point);
                continue;
            }

            var change = new PgOutputReader(held.Message);
            var op = (char)change.Byte();
            change.UInt32();
            Write(ReadRows(ref change, op), new(held.Shape, held.Message, held.Point), into, held.Takes, held.Puts);
        }
    }

    /// <summary>Reads the rows of a change.</summary>
    /// <returns>What it is, and what it tells of the row before it: <c>O</c> all, <c>K</c> what names it, <c>N</c> nothing.</returns>
    (char Op, char Told) ReadRows(ref PgOutputReader from, char op)
    {
        var told = (char)from.Byte();
        if (told == 'N')
        {
            from.Row(row);
            return (op, told);
        }

        from.Row(old);
        if (op == 'U')
        {
            from.Byte();
            from.Row(row);
        }

        return (op, told);
    }

    void Write((char Op, char Told) change, in ToldChange told, CdcBatch into, bool takes, bool puts)
    {
        var key = told.Shape.KeyColumn;
        var bytes = told.Bytes;
        switch (change.Op)
        {
            case 'I' when puts:
                records.Create(into, told, row);
                break;
            case 'D' when takes:
                records.Delete(into, told, old);
                break;
            case 'U' when change.Told != 'N' && !old[key].In(bytes).SequenceEqual(row[key].In(bytes)):
                records.ChangeKey(into, told, old, row, takes, puts);
                break;
            case 'U' when puts:
                // With the key only ('K') the other columns of the row before are unknown, not null.
                records.Update(into, told, change.Told == 'O' ? old : null, row);
                break;
            default:
                break;
        }
    }

    void Truncate(ref PgOutputReader from, ChangePoint point, CdcBatch into)
    {
        var count = from.UInt32();
        from.Byte();
        for (; count > 0; count--)
        {
            if (shapes.GetValueOrDefault(from.UInt32()) is { Table.IsOutbox: false } shape)
            {
                late.Truncate(shape);
                if (shape.Table.CountsAsKnown && shape.Naming is null)
                {
                    whole.Truncate(shape, point);
                }
                else
                {
                    records.Sweep(into, shape, point);
                }
            }
        }
    }

    void Message(ref PgOutputReader from)
    {
        from.Byte();
        from.UInt64();
        var prefix = from.TextBytes();
        var content = from.Bytes((int)from.UInt32());
        if (toProve is { } mark && prefix.SequenceEqual(SourceMarks.Prefix) && content.SequenceEqual(Encoding.UTF8.GetBytes(mark.Content)))
        {
            toProve = null;
        }

        if (!isKnown && marks.TryRead(prefix, content, out var at))
        {
            markAhead = (at, Encoding.UTF8.GetString(content));
        }
    }
}
