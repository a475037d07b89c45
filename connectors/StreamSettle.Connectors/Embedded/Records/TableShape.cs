using System.Buffers.Text;
using System.Text;
using StreamSettle.Connectors.Debezium.Outbox;
using StreamSettle.Connectors.Json;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>A captured table's columns as they are now, ready to be written: a Relation message or the catalog says what they are.</summary>
internal sealed class TableShape
{
    readonly ShapedColumn[] columns;

    /// <param name="naming">See <see cref="Naming"/>.</param>
    public TableShape(
        CapturedTable table, string topicPrefix, string database, IReadOnlyList<(string Name, uint TypeOid)> columns, IReadOnlySet<string>? naming = null)
    {
        Table = table;
        this.columns =
        [
            .. columns.Select(column => new ShapedColumn(
                Encoding.UTF8.GetBytes(Quoted(column.Name) + ":"), CellKinds.Of(column.TypeOid), table.Columns.Any(mapped => mapped.Name == column.Name))),
        ];
        var names = columns.Select(column => column.Name).ToList();
        KeyColumn = names.IndexOf(table.KeyColumn);
        (AggregateColumn, PayloadColumn) = (names.IndexOf(OutboxTable.Aggregate), names.IndexOf(OutboxTable.Payload));
        Naming = naming is null ? null : [.. Enumerable.Range(0, columns.Count).Where(i => naming.Contains(columns[i].Name))];
        KeyName = Encoding.UTF8.GetBytes("{" + Quoted(table.EventKey ?? table.KeyColumn) + ":");
        SourceStart = Encoding.UTF8.GetBytes(
            $$"""{"version":"{{Version}}","connector":"postgresql","name":{{Quoted(topicPrefix)}},"ts_ms":""");
        SourceDatabase = Encoding.UTF8.GetBytes($"\",\"db\":{Quoted(database)},\"sequence\":");
        SourceTable = Encoding.UTF8.GetBytes($",\"schema\":{Quoted(table.Name.Schema)},\"table\":{Quoted(table.Name.Name)},\"txId\":");
    }

    /// <summary>Stands where Debezium has its own version; ends as its releases do.</summary>
    public const string Version = "0.1.0.StreamSettle";

    public CapturedTable Table { get; }

    /// <summary>Where the key stands in a row; -1 when the table has lost the column.</summary>
    public int KeyColumn { get; }

    /// <summary>Of an outbox: which order an event is of.</summary>
    public int AggregateColumn { get; }

    /// <summary>Of an outbox: what the event is.</summary>
    public int PayloadColumn { get; }

    /// <summary>The columns that tell a row from another one of its key, where the key is checked late; null where no two rows ever have one.</summary>
    public int[]? Naming { get; }

    /// <summary><c>{"order_id":</c></summary>
    public byte[] KeyName { get; }

    public byte[] SourceStart { get; }

    public byte[] SourceDatabase { get; }

    public byte[] SourceTable { get; }

    public ReadOnlySpan<ShapedColumn> Columns => columns;

    /// <summary>The key of a row; null for no row.</summary>
    /// <exception cref="CorruptStateException">It is no whole number.</exception>
    public long? KeyOf(RowCells? row, ReadOnlySpan<byte> bytes) =>
        row is null ? null
        : Utf8Parser.TryParse(row[KeyColumn].In(bytes), out long key, out _) ? key
        : throw new CorruptStateException($"{Table.Name} has a key that is no whole number");

    static string Quoted(string text)
    {
        var json = new ByteBuffer(64);
        JsonText.Text(json, Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString(json.Written);
    }
}
