using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Logical;
using StreamSettle.Schemas.Avro.Reading;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.AvroForms;

/// <summary>Takes a change's values from a plan into the draft of its row. Columns come one at a time, so that the parts of a decimal are together when its record ends.</summary>
internal ref struct ChangeSink(RowDraft draft, AvroColumn[] columns, TextStore texts, ReadOnlySpan<byte> body) : IAvroSink
{
    readonly ReadOnlySpan<byte> body = body;
    ReadOnlySpan<byte> digits;
    int scale;
    int decimalColumn = NoColumn;

    const int NoColumn = -1;

    public ChangeHead Head;

    /// <summary>There is a row after the change.</summary>
    public bool HasAfter { get; private set; }

    /// <summary>The key of the row before the change.</summary>
    public long? BeforeKey { get; private set; }

    /// <summary>The row before the change had a value in the column that the draft watches.</summary>
    public bool HadBefore { get; private set; }

    public readonly void Null(int slot)
    {
        if (ChangeSlots.IsColumn(slot, out var column, out _))
        {
            draft.SetNull(column);
        }
    }

    public void Boolean(int slot, bool value)
    {
        if (ChangeSlots.IsColumn(slot, out var column, out _))
        {
            draft.SetFlag(column, value);
        }
        else if (slot == ChangeSlots.Deleted)
        {
            Head.SetDeleted(value);
        }
        else
        {
            Seen(slot);
        }
    }

    public void Int(int slot, int value)
    {
        if (ChangeSlots.IsColumn(slot, out var column, out var part) && part == 1)
        {
            (decimalColumn, scale) = (column, value);
        }
        else
        {
            Long(slot, value);
        }
    }

    public void Long(int slot, long value)
    {
        if (ChangeSlots.IsColumn(slot, out var column, out _))
        {
            Number(column, value);
            return;
        }

        switch (slot)
        {
            case ChangeSlots.Lsn: Head.SetLsn(value); break;
            case ChangeSlots.TxId: Head.SetTxId(value); break;
            case ChangeSlots.SourceUs: Head.SetSourceUs(value); break;
            case ChangeSlots.SourceMs: Head.SetSourceMs(value); break;
            case ChangeSlots.OuterMs: Head.SetOuterMs(value); break;
            case ChangeSlots.BeforeKey: BeforeKey = value; break;
            default: Seen(slot); break;
        }
    }

    public void Text(int slot, ReadOnlySpan<byte> value)
    {
        if (ChangeSlots.IsColumn(slot, out var column, out _))
        {
            TextColumn(column, value);
            return;
        }

        switch (slot)
        {
            case ChangeSlots.Op: Head.SetOp(value); break;
            case ChangeSlots.Sequence: Head.SetSequence(value); break;
            case ChangeSlots.Snapshot: Head.SetSnapshot(value); break;
            case ChangeSlots.Deleted: Head.SetDeleted(value.SequenceEqual("true"u8)); break;
            default: Seen(slot); break;
        }
    }

    public void Bytes(int slot, ReadOnlySpan<byte> value)
    {
        if (!ChangeSlots.IsColumn(slot, out var column, out var part))
        {
            Seen(slot);
        }
        else if (part == 0)
        {
            draft.SetDecimal(column, UnscaledDecimal.Read(value, columns[column].Scale));
        }
        else
        {
            decimalColumn = column;
            digits = value;
        }
    }

    public void Enum(int slot, int symbol, EnumSchema schema) => Text(slot, schema.Utf8Symbol(symbol));

    public void BeginRecord(int slot, RecordSchema schema)
    {
        if (slot == ChangeSlots.After)
        {
            HasAfter = true;
        }

        Seen(slot);
        decimalColumn = NoColumn;
    }

    public void EndRecord(int slot)
    {
        if (decimalColumn != NoColumn)
        {
            draft.SetDecimal(decimalColumn, UnscaledDecimal.Read(digits, scale));
            decimalColumn = NoColumn;
        }
    }

    public readonly void Float(int slot, float value) => throw Unbound(slot);

    public readonly void Double(int slot, double value) => throw Unbound(slot);

    public readonly void BeginArray(int slot) => throw Unbound(slot);

    public readonly void EndArray(int slot) => throw Unbound(slot);

    public readonly void BeginMap(int slot) => throw Unbound(slot);

    public readonly void Key(ReadOnlySpan<byte> key) => throw Unbound(0);

    public readonly void EndMap(int slot) => throw Unbound(slot);

    public readonly void Branch(int slot, int branch) => throw Unbound(slot);

    void Seen(int slot) => HadBefore |= slot == ChangeSlots.BeforeWatched;

    readonly void Number(int column, long value)
    {
        switch (columns[column].Form)
        {
            case AvroColumnForm.DecimalInteger: draft.SetDecimal(column, new DecimalAmount(value, 0)); break;
            case AvroColumnForm.InstantUnits: draft.SetInstant(column, ReadableInstants.OfUnits(value, columns[column].PerSecond) ?? throw Beyond(column)); break;
            default: draft.SetInteger(column, value); break;
        }
    }

    readonly void TextColumn(int column, ReadOnlySpan<byte> value)
    {
        switch (columns[column].Form)
        {
            case AvroColumnForm.Label: draft.SetLabel(column, value); break;
            case AvroColumnForm.DecimalText:
                draft.SetDecimal(column, DecimalForms.TryText(value, out var amount) ? amount : throw new SerdeException($"column {draft.Columns[column]} is a text that is no decimal"));
                break;
            case AvroColumnForm.InstantText:
                draft.SetInstant(column, UtcInstant.TryParse(value, out var instant) && ReadableInstants.Has(instant) ? instant : throw Beyond(column));
                break;
            default: draft.SetText(column, texts.Take(value, body)); break;
        }
    }

    readonly SerdeException Beyond(int column) => new($"column {draft.Columns[column]} is no finite instant with Z or an offset, to the microsecond, in the years 1 to 9999");

    static InvalidOperationException Unbound(int slot) => new($"nothing of that type is bound to slot {slot}");
}
