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
    public void Create(CdcBatch into, TableShape shape, RowCells row, ReadOnlySpan<byte> bytes, ChangePoint point)
    {
        envelope.WriteKey(shape, row, bytes);
        envelope.Write(shape, point.Snapshot == SnapshotLabel.False ? (byte)'c' : (byte)'r', before: null, row, bytes, point);
        into.Add(shape.Table, envelope.TimestampMs, envelope.Key, false, envelope.Value, default);
    }

    public void Update(CdcBatch into, TableShape shape, RowCells? before, RowCells row, ReadOnlySpan<byte> bytes, ChangePoint point)
    {
        envelope.WriteKey(shape, row, bytes);
        envelope.Write(shape, (byte)'u', before, row, bytes, point);
        into.Add(shape.Table, envelope.TimestampMs, envelope.Key, false, envelope.Value, default);
    }

    /// <summary>A delete and its tombstone.</summary>
    public void Delete(CdcBatch into, TableShape shape, RowCells before, ReadOnlySpan<byte> bytes, ChangePoint point)
    {
        envelope.WriteKey(shape, before, bytes);
        Gone(into, shape, before, bytes, point, default);
    }

    /// <summary>A delete and its tombstone under the old key, a create under the new one; the headers name the other key.</summary>
    /// <param name="takes">The first two are to be written.</param>
    /// <param name="puts">The last one is.</param>
    public void ChangeKey(CdcBatch into, TableShape shape, RowCells before, RowCells row, ReadOnlySpan<byte> bytes, ChangePoint point, bool takes, bool puts)
    {
        envelope.WriteKey(shape, before, bytes);
        oldKey.Clear();
        oldKey.Write(envelope.Key);

        envelope.WriteKey(shape, row, bytes);
        Header(KeyChange.NewKeyHeader, envelope.Key);
        envelope.WriteKey(shape, before, bytes);
        if (takes)
        {
            Gone(into, shape, before, bytes, point, headers.Written);
        }

        if (!puts)
        {
            return;
        }

        Header(KeyChange.OldKeyHeader, oldKey.Written);
        envelope.WriteKey(shape, row, bytes);
        var filled = Filled(before, row);
        envelope.Write(shape, (byte)'c', before: null, filled, bytes, point);
        into.Add(shape.Table, envelope.TimestampMs, envelope.Key, false, envelope.Value, headers.Written);
    }

    /// <summary>
    /// Says that every row of the table with a position below the point's is gone: a truncate that stands there, or a snapshot that was read there and whose rows are all
    /// written. Stands in every partition, after what was written before.
    /// </summary>
    public void Sweep(CdcBatch into, TableShape shape, ChangePoint point)
    {
        envelope.Write(shape, (byte)'t', before: null, after: null, default, point);
        into.AddToAll(shape.Table, envelope.TimestampMs, envelope.Value);
    }

    void Gone(CdcBatch into, TableShape shape, RowCells before, ReadOnlySpan<byte> bytes, ChangePoint point, ReadOnlySpan<byte> with)
    {
        envelope.Write(shape, (byte)'d', before, after: null, bytes, point);
        into.Add(shape.Table, envelope.TimestampMs, envelope.Key, false, envelope.Value, with);
        into.Add(shape.Table, envelope.TimestampMs, envelope.Key, true, default, with);
    }

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
