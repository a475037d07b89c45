using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded.Output;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>Which records a change makes, by Debezium's rules.</summary>
internal sealed class ChangeRecords(EnvelopeWriter envelope)
{
    readonly ByteBuffer oldKey = new(64);
    readonly ByteBuffer headers = new(128);

    /// <summary><c>r</c> with the label, <c>c</c> for a streamed point.</summary>
    /// <remarks>Of an outbox the event itself.</remarks>
    public void Create(CdcBatch into, in ToldChange told, RowCells row)
    {
        if (told.Shape.Table.IsOutbox)
        {
            envelope.WriteEvent(told.Shape, row, told.Bytes);
            Add(into, told.Shape, default);
            return;
        }

        envelope.WriteKey(told.Shape, row, told.Bytes);
        envelope.Write(told, told.Point.Snapshot == SnapshotLabel.False ? (byte)'c' : (byte)'r', before: null, row);
        Add(into, told.Shape, default);
    }

    public void Update(CdcBatch into, in ToldChange told, RowCells? before, RowCells row)
    {
        envelope.WriteKey(told.Shape, row, told.Bytes);
        envelope.Write(told, (byte)'u', before, row);
        Add(into, told.Shape, default);
    }

    /// <summary>A delete and its tombstone.</summary>
    public void Delete(CdcBatch into, in ToldChange told, RowCells before)
    {
        envelope.WriteKey(told.Shape, before, told.Bytes);
        Gone(into, told, before, default);
    }

    /// <summary>A delete and its tombstone under the old key, a create under the new one; the headers name the other key.</summary>
    /// <param name="takes">The first two are to be written.</param>
    /// <param name="puts">The last one is.</param>
    public void ChangeKey(CdcBatch into, in ToldChange told, RowCells before, RowCells row, bool takes, bool puts)
    {
        envelope.WriteKey(told.Shape, before, told.Bytes);
        oldKey.Clear();
        oldKey.Write(envelope.Key);

        envelope.WriteKey(told.Shape, row, told.Bytes);
        Header(KeyChange.NewKeyHeader, envelope.Key);
        envelope.WriteKey(told.Shape, before, told.Bytes);
        if (takes)
        {
            Gone(into, told, before, headers.Written);
        }

        if (!puts)
        {
            return;
        }

        Header(KeyChange.OldKeyHeader, oldKey.Written);
        envelope.WriteKey(told.Shape, row, told.Bytes);
        envelope.Write(told, (byte)'c', before: null, Filled(before, row));
        Add(into, told.Shape, headers.Written);
    }

    /// <summary>
    /// Says that every row of the table with a position below the point's is gone: a truncate that stands there, or a snapshot that was read there and whose rows are all
    /// written. Stands in every partition, after what was written before.
    /// </summary>
    public void Sweep(CdcBatch into, TableShape shape, ChangePoint point)
    {
        envelope.Write(new(shape, default, point), (byte)'t', before: null, after: null);
        into.AddToAll(shape.Table, envelope.TimestampMs, envelope.Value);
    }

    void Gone(CdcBatch into, in ToldChange told, RowCells before, ReadOnlySpan<byte> with)
    {
        envelope.Write(told, (byte)'d', before, after: null);
        Add(into, told.Shape, with);
        into.Add(told.Shape.Table, new() { TimestampMs = envelope.TimestampMs, Key = envelope.Key, ValueIsNull = true, Headers = with });
    }

    /// <summary>Adds what the envelope has last.</summary>
    void Add(CdcBatch into, TableShape shape, ReadOnlySpan<byte> with) =>
        into.Add(shape.Table, new() { TimestampMs = envelope.TimestampMs, Key = envelope.Key, Value = envelope.Value, Headers = with });

    void Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        headers.Clear();
        var to = new ByteWriter(headers);
        to.VarUInt64(1);
        to.Span(name);
        to.NullableSpan(false, value);
    }

    /// <summary>The create has no row before it, so what the update did not touch is taken over here.</summary>
    static RowCells Filled(RowCells before, RowCells row)
    {
        var filled = new RowCells();
        for (var i = 0; i < row.Count; i++)
        {
            filled.Add(row[i].State == CellState.Unchanged ? before[i] : row[i]);
        }

        return filled;
    }
}
