namespace StreamSettle.Schemas.Avro.Reading;

/// <summary>
/// Takes the values that a plan reads, each with the slot that was bound to it when the plan was compiled. Values come in the order of the writer's fields, those that
/// the reader fills in itself at the end of their record. Implement it as a struct: the calls are then direct and nothing is boxed.
/// </summary>
/// <remarks>A span is valid until the call returns, unless it is of the bytes that are read, which the sink may know.</remarks>
public interface IAvroSink
{
    void Null(int slot);

    void Boolean(int slot, bool value);

    void Int(int slot, int value);

    void Long(int slot, long value);

    void Float(int slot, float value);

    void Double(int slot, double value);

    /// <summary>Bytes, or a fixed's.</summary>
    void Bytes(int slot, ReadOnlySpan<byte> value);

    /// <summary>Valid UTF-8.</summary>
    void Text(int slot, ReadOnlySpan<byte> value);

    /// <summary>A symbol of the reader's enum, by its index.</summary>
    void Enum(int slot, int symbol, EnumSchema schema);

    void BeginRecord(int slot, RecordSchema schema);

    void EndRecord(int slot);

    void BeginArray(int slot);

    void EndArray(int slot);

    void BeginMap(int slot);

    /// <summary>The key of the value that comes next.</summary>
    void Key(ReadOnlySpan<byte> key);

    void EndMap(int slot);

    /// <summary>The value that comes next is of this branch of the reader's union. Only where all is read, not where single places are bound.</summary>
    void Branch(int slot, int branch);
}
