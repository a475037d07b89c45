namespace StreamSettle.Schemas.Avro.Values;

/// <summary>A value of any schema, as a tree: for tools and tests. What runs for every record takes values from a plan instead.</summary>
public abstract record AvroValue
{
    /// <summary>Null.</summary>
    public sealed record Null : AvroValue
    {
        public static Null Value { get; } = new();
    }

    public sealed record Boolean(bool Value) : AvroValue;

    public sealed record Int(int Value) : AvroValue;

    public sealed record Long(long Value) : AvroValue;

    public sealed record Float(float Value) : AvroValue;

    public sealed record Double(double Value) : AvroValue;

    /// <summary>Bytes, or a fixed's.</summary>
    public sealed record Bytes(ReadOnlyMemory<byte> Value) : AvroValue;

    public sealed record Text(string Value) : AvroValue;

    /// <param name="Index">The symbol's place in the schema.</param>
    public sealed record Enum(int Index, string Symbol) : AvroValue;

    /// <param name="Fields">By the fields' positions.</param>
    public sealed record Record(RecordSchema Schema, IReadOnlyList<AvroValue> Fields) : AvroValue
    {
        /// <exception cref="KeyNotFoundException">The record has no such field.</exception>
        public AvroValue this[string name] => Fields[(Schema.Field(name) ?? throw new KeyNotFoundException($"{Schema.Name.Full} has no field '{name}'")).Position];
    }

    public sealed record Array(IReadOnlyList<AvroValue> Items) : AvroValue;

    /// <param name="Entries">In the order in which they were written; a key may stand there twice.</param>
    public sealed record Map(IReadOnlyList<KeyValuePair<string, AvroValue>> Entries) : AvroValue;

    /// <param name="Branch">Which of the union's types the value has.</param>
    public sealed record Union(int Branch, AvroValue Value) : AvroValue;
}
