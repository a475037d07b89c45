using System.Text.Json;
using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Rows;

/// <summary>The columns of one row while its record is read, in whatever order they come. Column 0 is the key.</summary>
internal abstract class RowDraft(string table, ColumnNames columns)
{
    public string Table { get; } = table;

    public ColumnNames Columns { get; } = columns;

    /// <summary>The row's key, once it was seen.</summary>
    public long? Key { get; private set; }

    /// <exception cref="SerdeException">The record names no row.</exception>
    public long RequiredKey => Required(Key, 0);

    /// <summary>Forgets the last row.</summary>
    public virtual void Clear() => Key = null;

    /// <summary>Takes the value that the reader stands on.</summary>
    public void Set(int column, ref Utf8JsonReader reader, ColumnPlan plan, TextStore texts)
    {
        if (column == 0)
        {
            Key = ColumnValue.Int64(ref reader, Columns[0]);
        }
        else
        {
            SetOther(column, ref reader, plan, texts);
        }
    }

    protected abstract void SetOther(int column, ref Utf8JsonReader reader, ColumnPlan plan, TextStore texts);

    /// <exception cref="SerdeException">The column that must have a value has none.</exception>
    protected T Required<T>(T? value, int column)
        where T : struct =>
        value ?? throw new SerdeException($"column {Columns[column]} is null or missing");
}
