using StreamSettle.Connectors.Json;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>Writes plain Debezium envelopes from the server's text. Reuses its buffers; not thread-safe.</summary>
internal sealed class EnvelopeWriter(TimeProvider time)
{
    /// <summary>Longest text of a column in <c>before</c>.</summary>
    const int BeforeBytesMax = 8 * 1024;

    /// <summary>Longest text of a column in <c>after</c> that settlement does not read; a longer one is marked as not sent, so that it does no harm to the rest.</summary>
    const int UnmappedBytesMax = 1024 * 1024;

    readonly ByteBuffer value = new(2048);
    readonly ByteBuffer key = new(64);

    /// <summary>The last envelope.</summary>
    public ReadOnlySpan<byte> Value => value.Written;

    /// <summary>The last key.</summary>
    public ReadOnlySpan<byte> Key => key.Written;

    /// <summary>When the last envelope was written: its outer <c>ts_ms</c>.</summary>
    public long TimestampMs { get; private set; }

    /// <summary><c>{"order_id":1}</c> into <see cref="Key"/>.</summary>
    public void WriteKey(TableShape shape, RowCells row, ReadOnlySpan<byte> bytes) => WriteKey(shape, shape.KeyColumn, row, bytes);

    /// <summary>An event of an outbox: its payload, which is a flattened row with its place, as <see cref="Value"/>, and its order's key.</summary>
    public void WriteEvent(TableShape shape, RowCells row, ReadOnlySpan<byte> bytes)
    {
        WriteKey(shape, shape.AggregateColumn, row, bytes);
        value.Clear();
        value.Write(row[shape.PayloadColumn].In(bytes));
        TimestampMs = UtcInstant.Now(time).Microseconds / 1_000;
    }

    /// <summary>An envelope into <see cref="Value"/>; null rows are null.</summary>
    public void Write(in ToldChange told, byte op, RowCells? before, RowCells? after)
    {
        var shape = told.Shape;
        var bytes = told.Bytes;
        value.Clear();
        value.Write("{\"before\":"u8);
        WriteBefore(shape, before, bytes);
        value.Write(",\"after\":"u8);
        WriteAfter(shape, after, before, bytes);
        var now = UtcInstant.Now(time).Microseconds;
        TimestampMs = now / 1_000;
        value.Write(",\"source\":"u8);
        WriteSource(shape, told.Point);
        value.Write(",\"transaction\":null,\"op\":\""u8);
        value.Write([op]);
        value.Write("\",\"ts_ms\":"u8);
        JsonText.Number(value, TimestampMs);
        value.Write(",\"ts_us\":"u8);
        JsonText.Number(value, now);
        value.Write(",\"ts_ns\":"u8);
        JsonText.Number(value, now * 1_000);
        value.Write("}"u8);
    }

    void WriteKey(TableShape shape, int column, RowCells row, ReadOnlySpan<byte> bytes)
    {
        key.Clear();
        key.Write(shape.KeyName);
        CellJson.Write(key, shape.Columns[column].Kind, row[column].In(bytes));
        key.Write("}"u8);
    }

    /// <summary>Only what settlement reads, and of that nothing large: nobody reads more of it, and it would double the record.</summary>
    void WriteBefore(TableShape shape, RowCells? row, ReadOnlySpan<byte> bytes)
    {
        if (row is null)
        {
            value.Write("null"u8);
            return;
        }

        var separator = "{"u8;
        for (var i = 0; i < shape.Columns.Length; i++)
        {
            if (shape.Columns[i].IsMapped && row[i].Length <= BeforeBytesMax)
            {
                value.Write(separator);
                WriteCell(shape.Columns[i], row[i], bytes);
                separator = ","u8;
            }
        }

        value.Write("}"u8);
    }

    void WriteAfter(TableShape shape, RowCells? row, RowCells? old, ReadOnlySpan<byte> bytes)
    {
        if (row is null)
        {
            value.Write("null"u8);
            return;
        }

        for (var i = 0; i < shape.Columns.Length; i++)
        {
            var cell = row[i].State == CellState.Unchanged && old is not null ? old[i] : row[i];
            var leftOut = !shape.Columns[i].IsMapped && cell.Length > UnmappedBytesMax;
            value.Write(i == 0 ? "{"u8 : ","u8);
            WriteCell(shape.Columns[i], leftOut ? new(CellState.Unchanged, 0, 0) : cell, bytes);
        }

        value.Write("}"u8);
    }

    void WriteCell(in ShapedColumn column, Cell cell, ReadOnlySpan<byte> bytes)
    {
        value.Write(column.Name);
        switch (cell.State)
        {
            case CellState.Value:
                CellJson.Write(value, column.Kind, cell.In(bytes));
                break;
            case CellState.Unchanged:
                value.Write("\"__debezium_unavailable_value\""u8);
                break;
            default:
                value.Write("null"u8);
                break;
        }
    }

    void WriteSource(TableShape shape, ChangePoint point)
    {
        value.Write(shape.SourceStart);
        JsonText.Number(value, point.CommittedUs / 1_000);
        value.Write(",\"snapshot\":\""u8);
        value.Write(Label(point.Snapshot));
        value.Write(shape.SourceDatabase);
        WriteSequence(point);
        value.Write(",\"ts_us\":"u8);
        JsonText.Number(value, point.CommittedUs);
        value.Write(",\"ts_ns\":"u8);
        JsonText.Number(value, point.CommittedUs * 1_000);
        value.Write(shape.SourceTable);
        JsonText.Number(value, point.TxId);
        value.Write(",\"lsn\":"u8);
        JsonText.Number(value, (long)point.Lsn);
        value.Write(",\"xmin\":null,\"origin\":null,\"origin_lsn\":null}"u8);
    }

    /// <summary>
    /// JSON text in a string: <c>"[\"commit\",\"lsn\"]"</c>. Debezium has the commit before there, which it forgets now and then; of the transaction's own both
    /// order transactions alike.
    /// </summary>
    void WriteSequence(ChangePoint point)
    {
        if (point.Commit == 0)
        {
            value.Write("\"[null,\\\""u8);
        }
        else
        {
            value.Write("\"[\\\""u8);
            JsonText.Number(value, (long)point.Commit);
            value.Write("\\\",\\\""u8);
        }

        JsonText.Number(value, (long)point.Lsn);
        value.Write("\\\"]\""u8);
    }

    static ReadOnlySpan<byte> Label(SnapshotLabel label) => label switch
    {
        SnapshotLabel.True => "true"u8,
        SnapshotLabel.First => "first"u8,
        SnapshotLabel.FirstInDataCollection => "first_in_data_collection"u8,
        SnapshotLabel.LastInDataCollection => "last_in_data_collection"u8,
        SnapshotLabel.Last => "last"u8,
        SnapshotLabel.Incremental => "incremental"u8,
        _ => "false"u8,
    };
}
