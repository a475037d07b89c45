using System.Text.Json;
using System.Text.RegularExpressions;
using StreamSettle.Schemas.Avro.Logical;

namespace StreamSettle.Schemas.Avro.Parsing;

/// <summary>
/// Parses one schema. A name without a dot is of the enclosing namespace, or, as Java's writer may leave it, of none. A type may be named before it is defined, as Java's
/// parser allows since 1.12: it is then parsed where it is first named.
/// </summary>
internal sealed partial class SchemaParser
{
    /// <summary>Longest text that is parsed.</summary>
    public const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>Deepest nesting of the text.</summary>
    public const int MaxDepth = 128;

    static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    static readonly Dictionary<string, AvroType> Primitives = new()
    {
        ["null"] = AvroType.Null, ["boolean"] = AvroType.Boolean, ["int"] = AvroType.Int, ["long"] = AvroType.Long,
        ["float"] = AvroType.Float, ["double"] = AvroType.Double, ["bytes"] = AvroType.Bytes, ["string"] = AvroType.String,
    };

    static readonly HashSet<string> Reserved =
    [
        "type", "name", "namespace", "aliases", "fields", "items", "values", "symbols", "size", "default", "doc", "logicalType", "precision", "scale", "order",
    ];

    readonly Dictionary<string, NamedSchema> known;
    readonly Dictionary<string, NamedSchema> parsedEarly = [];
    Dictionary<string, Definition>? definitions;
    JsonElement root;
    int earlyDepth;
    readonly List<(RecordField Field, string Path)> defaults = [];

    /// <param name="known">Types of other texts that this one may refer to, by their full names; its own are added.</param>
    public SchemaParser(Dictionary<string, NamedSchema> known)
    {
        this.known = known;
    }

    /// <exception cref="AvroSchemaException">It is no schema.</exception>
    public AvroSchema Parse(string json)
    {
        if (json.Length > MaxCharacters)
        {
            throw new AvroSchemaException("", $"it has {json.Length} characters, more than {MaxCharacters}");
        }

        try
        {
            using var document = JsonDocument.Parse(json, Options);
            root = document.RootElement;
            var schema = Any(root, "", "");
            SetDefaults();
            return schema;
        }
        catch (JsonException e)
        {
            throw new AvroSchemaException("", $"it is no JSON: {e.Message}; a primitive type must stand in quotes", e);
        }
    }

    AvroSchema Any(JsonElement text, string space, string path)
    {
        AvroNesting.Check();
        return text.ValueKind switch
        {
            JsonValueKind.String => Reference(text.GetString()!, space, path),
            JsonValueKind.Array => Union(text, space, path),
            JsonValueKind.Object => FromObject(text, space, path),
            _ => throw new AvroSchemaException(path, $"a type is a name, an object or an array, but this is {text.ValueKind}"),
        };
    }

    AvroSchema Reference(string name, string space, string path) =>
        Primitives.TryGetValue(name, out var primitive) ? new PrimitiveSchema(primitive)
        : known.TryGetValue(AvroName.Of(name, space).Full, out var inSpace) ? inSpace
        : known.TryGetValue(name, out var inNone) ? inNone
        : DefinedLater(AvroName.Of(name, space).Full) ?? DefinedLater(name)
        ?? throw new AvroSchemaException(path, $"'{name}' is no primitive type and no type that the schema defines; define it where it is first used");

    /// <summary>Parses a definition that comes further down; null where there is none.</summary>
    AvroSchema? DefinedLater(string name)
    {
        definitions ??= Definition.All(root);
        if (!definitions.TryGetValue(name, out var later) || known.ContainsKey(name))
        {
            return null;
        }

        if (++earlyDepth > MaxDepth)
        {
            throw new AvroSchemaException(later.Path, $"more than {MaxDepth} types wait for one that is defined further down; define types before they are used");
        }

        var schema = FromObject(later.Text, later.Space, later.Path);
        parsedEarly.Add(later.Path, (NamedSchema)schema);
        earlyDepth--;
        return schema;
    }

    UnionSchema Union(JsonElement text, string space, string path)
    {
        var branches = new List<AvroSchema>();
        var seen = new HashSet<string>();
        foreach (var item in text.EnumerateArray())
        {
            var at = $"{path}[{branches.Count}]";
            var branch = Any(item, space, at);
            if (branch is UnionSchema)
            {
                throw new AvroSchemaException(at, "a union is directly in a union; put its branches into the outer one");
            }

            if (!seen.Add(branch is NamedSchema named ? named.Name.Full : branch.Description))
            {
                throw new AvroSchemaException(at, $"{branch.Description} is in the union twice, so that a reader could not tell them apart; name them differently or drop one");
            }

            branches.Add(branch);
        }

        return new(branches);
    }

    AvroSchema FromObject(JsonElement text, string space, string path)
    {
        if (!text.TryGetProperty("type", out var type))
        {
            throw new AvroSchemaException(path, "it has no 'type'");
        }

        if (type.ValueKind != JsonValueKind.String)
        {
            return Any(type, space, Join(path, "type"));
        }

        if (parsedEarly.TryGetValue(path, out var early))
        {
            return early;
        }

        AvroSchema schema = type.GetString() switch
        {
            "record" or "error" => Record(text, space, path),
            "enum" => Enum(text, space, path),
            "fixed" => Fixed(text, space, path),
            "array" => new ArraySchema(Any(Member(text, "items", path), space, Join(path, "items"))),
            "map" => new MapSchema(Any(Member(text, "values", path), space, Join(path, "values"))),
            var name => Reference(name!, space, Join(path, "type")),
        };
        // What stands beside a mere reference says nothing about the type that it refers to.
        if (schema is not NamedSchema || type.GetString() is "record" or "error" or "enum" or "fixed")
        {
            Annotate(schema, text);
        }

        return schema;
    }

    static void Annotate(AvroSchema schema, JsonElement text)
    {
        schema.Logical = LogicalType.Of(schema, text);
        var others = text.EnumerateObject().Where(member => !Reserved.Contains(member.Name)).ToList();
        if (others.Count > 0)
        {
            // Of two members with one name the last counts, as everywhere in JSON.
            var attributes = new Dictionary<string, JsonElement>();
            others.ForEach(member => attributes[member.Name] = member.Value.Clone());
            schema.Attributes = attributes;
        }
    }

    RecordSchema Record(JsonElement text, string space, string path)
    {
        var name = Name(text, space, path);
        var record = new RecordSchema(name, Aliases(text, name.Space, path)) { Doc = Text(text, "doc") };
        Define(record, path);
        var fields = new List<RecordField>();
        var names = new HashSet<string>();
        foreach (var item in Array(text, "fields", path).EnumerateArray())
        {
            var at = $"{Join(path, "fields")}[{fields.Count}]";
            var field = Field(item, record.Name.Space, fields.Count, at);
            if (!names.Add(field.Name))
            {
                throw new AvroSchemaException(at, $"the record has two fields '{field.Name}'; rename one");
            }

            fields.Add(field);
        }

        record.Fields = fields;
        return record;
    }

    RecordField Field(JsonElement text, string space, int position, string path)
    {
        if (text.ValueKind != JsonValueKind.Object)
        {
            throw new AvroSchemaException(path, $"a field is an object with name and type, but this is {text.ValueKind}");
        }

        var name = Simple(Member(text, "name", path), Join(path, "name"));
        var schema = Any(Member(text, "type", path), space, Join(path, "type"));
        var aliases = text.TryGetProperty("aliases", out _) ? Array(text, "aliases", path).EnumerateArray().Select(alias => Simple(alias, Join(path, "aliases"))).ToArray() : [];
        var field = new RecordField(name, schema, position, aliases) { Doc = Text(text, "doc"), DefaultText = text.TryGetProperty("default", out var value) ? value.Clone() : null };
        if (field.DefaultText is not null)
        {
            defaults.Add((field, Join(path, "default")));
        }

        return field;
    }

    EnumSchema Enum(JsonElement text, string space, string path)
    {
        var name = Name(text, space, path);
        var at = Join(path, "symbols");
        var symbols = Array(text, "symbols", path).EnumerateArray().Select(symbol => Simple(symbol, at)).ToList();
        if (symbols.Distinct().Count() != symbols.Count)
        {
            throw new AvroSchemaException(at, "a symbol stands there twice; drop one");
        }

        var otherwise = text.TryGetProperty("default", out var value) ? Simple(value, Join(path, "default")) : null;
        if (otherwise is not null && !symbols.Contains(otherwise))
        {
            throw new AvroSchemaException(Join(path, "default"), $"'{otherwise}' is none of the symbols {string.Join(", ", symbols)}");
        }

        var schema = new EnumSchema(name, Aliases(text, name.Space, path), symbols, otherwise) { Doc = Text(text, "doc") };
        Define(schema, path);
        return schema;
    }

    FixedSchema Fixed(JsonElement text, string space, string path)
    {
        var name = Name(text, space, path);
        var size = Member(text, "size", path);
        if (size.ValueKind != JsonValueKind.Number || !size.TryGetInt32(out var bytes) || bytes < 0)
        {
            throw new AvroSchemaException(Join(path, "size"), $"a size is a whole number of bytes, 0 or more, but it is {size.GetRawText()}");
        }

        var schema = new FixedSchema(name, Aliases(text, name.Space, path), bytes) { Doc = Text(text, "doc") };
        Define(schema, path);
        return schema;
    }

    void Define(NamedSchema schema, string path)
    {
        if (Primitives.ContainsKey(schema.Name.Full))
        {
            throw new AvroSchemaException(path, $"'{schema.Name.Full}' is a primitive type's name; choose another");
        }

        if (!known.TryAdd(schema.Name.Full, schema))
        {
            throw new AvroSchemaException(path, $"'{schema.Name.Full}' is defined twice; refer to it by its name the second time");
        }
    }

    internal static AvroName Name(JsonElement text, string space, string path)
    {
        var member = Member(text, "name", path);
        if (member.ValueKind != JsonValueKind.String)
        {
            throw new AvroSchemaException(Join(path, "name"), $"a name is a text, but this is {member.ValueKind}");
        }

        var own = text.TryGetProperty("namespace", out var given) && given.ValueKind != JsonValueKind.Null ? given : default;
        if (own.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.String))
        {
            throw new AvroSchemaException(Join(path, "namespace"), $"a namespace is a text, but this is {own.ValueKind}");
        }

        return Checked(AvroName.Of(member.GetString()!, own.ValueKind == JsonValueKind.String ? own.GetString()! : space), Join(path, "name"));
    }

    static AvroName[] Aliases(JsonElement text, string space, string path) => !text.TryGetProperty("aliases", out _) ? [] :
    [
        .. Array(text, "aliases", path).EnumerateArray().Select(alias => alias.ValueKind == JsonValueKind.String
            ? Checked(AvroName.Of(alias.GetString()!, space), Join(path, "aliases"))
            : throw new AvroSchemaException(Join(path, "aliases"), $"an alias is a text, but this is {alias.ValueKind}")),
    ];

    static AvroName Checked(AvroName name, string path) =>
        NameForm().IsMatch(name.Short) && (name.Space.Length == 0 || name.Space.Split('.').All(part => NameForm().IsMatch(part)))
            ? name
            : throw new AvroSchemaException(path, $"'{name.Full}' is no name: letters of ASCII, digits and _, not a digit first");

    static string Simple(JsonElement text, string path) =>
        text.ValueKind == JsonValueKind.String && NameForm().IsMatch(text.GetString()!)
            ? text.GetString()!
            : throw new AvroSchemaException(path, $"{text.GetRawText()} is no name: letters of ASCII, digits and _, not a digit first");

    static JsonElement Member(JsonElement text, string name, string path) =>
        text.TryGetProperty(name, out var value) ? value : throw new AvroSchemaException(path, $"it has no '{name}'");

    static JsonElement Array(JsonElement text, string name, string path)
    {
        var value = Member(text, name, path);
        return value.ValueKind == JsonValueKind.Array ? value : throw new AvroSchemaException(Join(path, name), $"it is {value.ValueKind}, but must be an array");
    }

    static string? Text(JsonElement text, string name) => text.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>Defaults are put in last: they may be of a record that was not whole when its field was parsed.</summary>
    void SetDefaults()
    {
        var encoder = new DefaultEncoder();
        foreach (var (field, path) in defaults)
        {
            field.Default = encoder.Encode(field, path);
        }
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex NameForm();
}
