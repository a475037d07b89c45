using System.Text;
using System.Text.Json;

namespace StreamSettle.Schemas.Avro;

/// <summary>A record, an enum or a fixed.</summary>
public abstract class NamedSchema(AvroName name, IReadOnlyList<AvroName> aliases) : AvroSchema
{
    public AvroName Name { get; } = name;

    /// <summary>Other names under which a writer may know this type.</summary>
    public IReadOnlyList<AvroName> Aliases { get; } = aliases;

    public string? Doc { get; internal init; }

    public override string Description => $"{base.Description} {Name.Full}";

    /// <summary>True where this reader's type stands for the writer's: the names without namespaces agree, or an alias is the writer's full name.</summary>
    public bool Answers(NamedSchema writer) => Name.Short == writer.Name.Short || Aliases.Contains(writer.Name);
}

/// <summary>Fields in an order.</summary>
public sealed class RecordSchema(AvroName name, IReadOnlyList<AvroName> aliases) : NamedSchema(name, aliases)
{
    Dictionary<string, RecordField> byName = [];
    Dictionary<string, RecordField> byAlias = [];

    public override AvroType Type => AvroType.Record;

    /// <summary>Empty while the record's own text is still being parsed.</summary>
    public IReadOnlyList<RecordField> Fields
    {
        get;
        internal set
        {
            field = value;
            byName = value.ToDictionary(one => one.Name);
            byAlias = value.SelectMany(one => one.Aliases.Select(alias => (alias, one))).DistinctBy(pair => pair.alias).ToDictionary(pair => pair.alias, pair => pair.one);
        }
    } = [];

    /// <summary>The field of that name; null where there is none.</summary>
    public RecordField? Field(string name) => byName.GetValueOrDefault(name);

    /// <summary>The field that one of a writer's becomes: by its name, else by an alias of ours.</summary>
    public RecordField? FieldFor(string writerName) => byName.GetValueOrDefault(writerName) ?? byAlias.GetValueOrDefault(writerName);
}

/// <summary>A field of a record.</summary>
/// <param name="position">Its place in the record, from 0.</param>
public sealed class RecordField(string name, AvroSchema schema, int position, IReadOnlyList<string> aliases)
{
    public string Name { get; } = name;

    public AvroSchema Schema { get; } = schema;

    public int Position { get; } = position;

    /// <summary>Other names under which a writer may know this field.</summary>
    public IReadOnlyList<string> Aliases { get; } = aliases;

    public string? Doc { get; internal init; }

    /// <summary>Its default, encoded; null where it has none.</summary>
    public ReadOnlyMemory<byte>? Default { get; internal set; }

    /// <summary>Its default as the schema's text has it.</summary>
    internal JsonElement? DefaultText { get; init; }
}

/// <summary>One of several symbols.</summary>
/// <param name="defaultSymbol">What a reader takes for a symbol that it does not know; null where it takes none.</param>
public sealed class EnumSchema(AvroName name, IReadOnlyList<AvroName> aliases, IReadOnlyList<string> symbols, string? defaultSymbol) : NamedSchema(name, aliases)
{
    readonly byte[][] utf8 = [.. symbols.Select(Encoding.UTF8.GetBytes)];

    public override AvroType Type => AvroType.Enum;

    public IReadOnlyList<string> Symbols { get; } = symbols;

    public string? DefaultSymbol { get; } = defaultSymbol;

    /// <summary>A symbol's text, without making a string.</summary>
    public ReadOnlySpan<byte> Utf8Symbol(int index) => utf8[index];

    /// <summary>-1 where there is no such symbol.</summary>
    public int IndexOf(string symbol)
    {
        for (var i = 0; i < Symbols.Count; i++)
        {
            if (Symbols[i] == symbol)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>A fixed number of bytes.</summary>
public sealed class FixedSchema(AvroName name, IReadOnlyList<AvroName> aliases, int size) : NamedSchema(name, aliases)
{
    public override AvroType Type => AvroType.Fixed;

    public int Size { get; } = size;
}
