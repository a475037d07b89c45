namespace StreamSettle.Schemas.Avro.Reading;

/// <summary>
/// Takes the values that a plan reads, each with the slot that was bound to it when the plan was compiled. Values come in the order of the writer's fields, those that
/// the reader fills in itself at the end of their record. Implement it as a struct: the calls are then direct and nothing is boxed. What a plan cannot bring need not be
/// implemented.
/// </summary>
/// <remarks>
/// A span is valid until the call returns, unless it is of the bytes that are read, which the sink may know. Around what is bound come records, arrays, maps and nulls of no slot,
/// which is -1.
/// </remarks>
/// <exception cref="InvalidOperationException">Every call that is not implemented.</exception>
public interface IAvroSink
{
    void Null(int slot) => throw Unexpected(nameof(Null));

    void Boolean(int slot, bool value) => throw Unexpected(nameof(Boolean));

    void Int(int slot, int value) => throw Unexpected(nameof(Int));

    void Long(int slot, long value) => throw Unexpected(nameof(Long));

    void Float(int slot, float value) => throw Unexpected(nameof(Float));

    void Double(int slot, double value) => throw Unexpected(nameof(Double));

    /// <summary>Bytes, or a fixed's.</summary>
    void Bytes(int slot, ReadOnlySpan<byte> value) => throw Unexpected(nameof(Bytes));

    /// <summary>Valid UTF-8.</summary>
    void Text(int slot, ReadOnlySpan<byte> value) => throw Unexpected(nameof(Text));

    /// <summary>A symbol of the reader's enum, by its index.</summary>
    void Enum(int slot, int symbol, EnumSchema schema) => throw Unexpected(nameof(Enum));

    void BeginRecord(int slot, RecordSchema schema) => throw Unexpected(nameof(BeginRecord));

    void EndRecord(int slot) => throw Unexpected(nameof(EndRecord));

    void BeginArray(int slot) => throw Unexpected(nameof(BeginArray));

    void EndArray(int slot) => throw Unexpected(nameof(EndArray));

    void BeginMap(int slot) => throw Unexpected(nameof(BeginMap));

    /// <summary>The key of the value that comes next.</summary>
    void Key(ReadOnlySpan<byte> key) => throw Unexpected(nameof(Key));

    void EndMap(int slot) => throw Unexpected(nameof(EndMap));

    /// <summary>The value that comes next is of this branch of the reader's union. Only where all is read, not where single places are bound.</summary>
    void Branch(int slot, int branch) => throw Unexpected(nameof(Branch));

    private static InvalidOperationException Unexpected(string what) => new($"the plan brings {what}, which its sink does not take");
}
