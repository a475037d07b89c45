using System.Text.Json;
using StreamSettle.Schemas.Avro.Logical;
using StreamSettle.Schemas.Avro.Parsing;

namespace StreamSettle.Schemas.Avro;

/// <summary>A schema of Avro, parsed. Schemas refer to each other as the text says, so that a recursive record contains itself.</summary>
public abstract class AvroSchema
{
    static readonly Dictionary<string, JsonElement> None = [];

    public abstract AvroType Type { get; }

    /// <summary>As the specification names it: <c>long</c>, <c>record</c>; of a named type with its name.</summary>
    public virtual string Description => Type.ToString().ToLowerInvariant();

    /// <summary>What the value means; null where the annotation is missing, unknown, or does not fit the type, as the specification wants.</summary>
    public LogicalType? Logical { get; internal set; }

    /// <summary>Attributes that the specification does not know, as <c>connect.name</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Attributes { get; internal set; } = None;

    /// <summary>An attribute's text; null where it is missing or no text.</summary>
    public string? Attribute(string name) => Attributes.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Parses a schema's JSON text.</summary>
    /// <exception cref="AvroSchemaException">It is no schema: the message says what, where and how to mend it.</exception>
    public static AvroSchema Parse(string json) => Parse(json, []);

    /// <summary>Parses a schema that refers to types which other texts define, as a registry keeps it.</summary>
    /// <param name="referenced">Those texts, each behind the ones that it refers to itself.</param>
    /// <exception cref="AvroSchemaException">One of the texts is no schema, or a type is in two of them.</exception>
    public static AvroSchema Parse(string json, IEnumerable<string> referenced)
    {
        Dictionary<string, NamedSchema> known = [];
        foreach (var text in referenced)
        {
            new SchemaParser(known).Parse(text);
        }

        return new SchemaParser(known).Parse(json);
    }
}

/// <summary>A type without a name and without parts.</summary>
public sealed class PrimitiveSchema(AvroType type) : AvroSchema
{
    public override AvroType Type { get; } = type;
}

/// <summary>Items of one type, in order.</summary>
public sealed class ArraySchema(AvroSchema items) : AvroSchema
{
    public override AvroType Type => AvroType.Array;

    public AvroSchema Items { get; } = items;
}

/// <summary>Values of one type by text.</summary>
public sealed class MapSchema(AvroSchema values) : AvroSchema
{
    public override AvroType Type => AvroType.Map;

    public AvroSchema Values { get; } = values;
}

/// <summary>One of several types.</summary>
public sealed class UnionSchema(IReadOnlyList<AvroSchema> branches) : AvroSchema
{
    const int MaxDescribed = 8;

    public override AvroType Type => AvroType.Union;

    public IReadOnlyList<AvroSchema> Branches { get; } = branches;

    /// <summary>Of many branches the first ones: it stands in messages, and in one for every record.</summary>
    public override string Description => $"[{string.Join(", ", Branches.Take(MaxDescribed).Select(branch => branch.Description))}{(Branches.Count > MaxDescribed ? $", and {Branches.Count - MaxDescribed} more" : "")}]";
}
