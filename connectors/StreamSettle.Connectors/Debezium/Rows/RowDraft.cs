using System.Text.Json;
using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Rows;

/// <summary>The columns of one row while its record is read, in whatever order and form they come. Column 0 is the key.</summary>
/// <param name="values">What each column holds.</param>
internal abstract class RowDraft(string table, ColumnNames columns, RowValue[] values)
{
    public string Table { get; } = table;

    public ColumnNames Columns { get; } = columns;

    /// <summary>The column of which it counts whether the row before the change had a value in it; null where none does.</summary>
    public virtual int? Watched => null;

    /// <summary>The row's key, once it was seen.</summary>
    public long? Key { get; private set; }

    /// <exception cref="SerdeException">The record names no row.</exception>
    public long RequiredKey => Required(Key, 0);

    public RowValue ValueOf(int column) => values[column];

    /// <summary>Forgets the last row.</summary>
    public virtual void Clear() => Key = null;

    /// <summary>Takes the value that the reader stands on.</summary>
    public void Set(int column, ref Utf8JsonReader reader, ColumnPlan plan, TextStore texts)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            SetNull(column);
            return;
        }

        var name = Columns[column];
        switch (values[column])
        {
            case RowValue.Integer: SetInteger(column, ColumnValue.Int64(ref reader, name)!.Value); break;
            case RowValue.Decimal: SetDecimal(column, ColumnValue.Decimal(ref reader, name, plan)!.Value); break;
            case RowValue.Flag: SetFlag(column, ColumnValue.Bool(ref reader, name)!.Value); break;
            case RowValue.Text: SetText(column, ColumnValue.Text(ref reader, name, texts)!.Value); break;
            case RowValue.Json: SetText(column, ColumnValue.Json(ref reader, name, texts)!.Value); break;
            case RowValue.Instant: SetInstant(column, ColumnValue.Instant(ref reader, name, plan)!.Value); break;
            default: SetLabel(column, ColumnValue.Label(ref reader, name)); break;
        }
    }

    /// <summary>The column is null. Where it must not be, that is said when the row is made.</summary>
    public virtual void SetNull(int column) => Key = column == 0 ? null : Key;

    public void SetInteger(int column, long value)
    {
        if (column == 0)
        {
            Key = value;
        }
        else
        {
            SetOther(column, value);
        }
    }

    public virtual void SetDecimal(int column, DecimalAmount value) => throw NoColumn(column);

    public virtual void SetFlag(int column, bool value) => throw NoColumn(column);

    public virtual void SetText(int column, TextRange value) => throw NoColumn(column);

    public virtual void SetLabel(int column, ReadOnlySpan<byte> value) => throw NoColumn(column);

    public virtual void SetInstant(int column, UtcInstant value) => throw NoColumn(column);

    /// <summary>A whole number in a column that is not the key.</summary>
    protected virtual void SetOther(int column, long value) => throw NoColumn(column);

    protected InvalidOperationException NoColumn(int column) => new($"{Table} has no such column {column}");

    /// <exception cref="SerdeException">The column that must have a value has none.</exception>
    protected T Required<T>(T? value, int column)
        where T : struct =>
        value ?? throw new SerdeException($"column {Columns[column]} is null or missing");
}
