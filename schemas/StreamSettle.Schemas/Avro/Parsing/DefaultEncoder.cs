using System.Text;
using System.Text.Json;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Avro.Binary;

namespace StreamSettle.Schemas.Avro.Parsing;

/// <summary>Encodes the defaults of one schema, so that a reader takes them like any other value. A union's is of the first branch that it fits.</summary>
internal sealed class DefaultEncoder
{
    /// <summary>Values in all defaults of a schema: what a small text can ask for is bounded.</summary>
    const int MaxValues = 100_000;

    /// <summary>Deepest nesting, of records that fill each other in as well.</summary>
    const int MaxDepth = SchemaParser.MaxDepth;

    readonly ByteBuffer bytes = new();
    int values;
    string problem = "";

    /// <exception cref="AvroSchemaException">It is no value of the field's type.</exception>
    public byte[] Encode(RecordField field, string path)
    {
        bytes.Clear();
        return TryWrite(field.Schema, field.DefaultText!.Value, 0) ? bytes.Written.ToArray() : throw new AvroSchemaException(path, problem);
    }

    bool TryWrite(AvroSchema schema, JsonElement value, int depth)
    {
        if (depth > MaxDepth || ++values > MaxValues)
        {
            return Fail($"the defaults fill each other in without an end, or to more than {MaxValues} values");
        }

        return schema switch
        {
            PrimitiveSchema => TryPrimitive(schema.Type, value) || Unfit(schema, value),
            EnumSchema symbols => TryEnum(symbols, value) || Unfit(schema, value),
            FixedSchema raw => TryBytes(value, raw.Size) || Unfit(schema, value),
            ArraySchema array => value.ValueKind == JsonValueKind.Array ? TryArray(array, value, depth) : Unfit(schema, value),
            MapSchema map => value.ValueKind == JsonValueKind.Object ? TryMap(map, value, depth) : Unfit(schema, value),
            RecordSchema record => value.ValueKind == JsonValueKind.Object ? TryRecord(record, value, depth) : Unfit(schema, value),
            UnionSchema union => TryUnion(union, value, depth),
            _ => throw new InvalidOperationException($"there is no type {schema.Type}"),
        };
    }

    bool TryPrimitive(AvroType type, JsonElement value)
    {
        var to = new AvroEncoder(bytes);
        switch (type, value.ValueKind)
        {
            case (AvroType.Null, JsonValueKind.Null):
                return true;
            case (AvroType.Boolean, JsonValueKind.True or JsonValueKind.False):
                to.Boolean(value.GetBoolean());
                return true;
            case (AvroType.Int, JsonValueKind.Number) when value.TryGetInt32(out var number):
                to.Int(number);
                return true;
            case (AvroType.Long, JsonValueKind.Number) when value.TryGetInt64(out var number):
                to.Long(number);
                return true;
            case (AvroType.Float, JsonValueKind.Number) when value.TryGetSingle(out var number):
                to.Float(number);
                return true;
            case (AvroType.Double, JsonValueKind.Number) when value.TryGetDouble(out var number):
                to.Double(number);
                return true;
            case (AvroType.String, JsonValueKind.String):
                to.Bytes(Encoding.UTF8.GetBytes(value.GetString()!));
                return true;
            default:
                return type == AvroType.Bytes && TryBytes(value, null);
        }
    }

    bool TryEnum(EnumSchema schema, JsonElement value)
    {
        var index = value.ValueKind == JsonValueKind.String ? schema.IndexOf(value.GetString()!) : -1;
        new AvroEncoder(bytes).Int(Math.Max(index, 0));
        return index >= 0;
    }

    /// <summary>Each character is a byte.</summary>
    bool TryBytes(JsonElement value, int? size)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (text is null || text.Any(character => character > byte.MaxValue) || size is { } wanted && text.Length != wanted)
        {
            return false;
        }

        var raw = Encoding.Latin1.GetBytes(text);
        if (size is null)
        {
            new AvroEncoder(bytes).Bytes(raw);
        }
        else
        {
            new AvroEncoder(bytes).Fixed(raw);
        }

        return true;
    }

    bool TryArray(ArraySchema schema, JsonElement value, int depth)
    {
        Begin(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (!TryWrite(schema.Items, item, depth + 1))
            {
                return false;
            }
        }

        End();
        return true;
    }

    bool TryMap(MapSchema schema, JsonElement value, int depth)
    {
        var members = value.EnumerateObject().ToList();
        Begin(members.Count);
        foreach (var member in members)
        {
            new AvroEncoder(bytes).Bytes(Encoding.UTF8.GetBytes(member.Name));
            if (!TryWrite(schema.Values, member.Value, depth + 1))
            {
                return false;
            }
        }

        End();
        return true;
    }

    void Begin(int count)
    {
        if (count > 0)
        {
            new AvroEncoder(bytes).Long(count);
        }
    }

    void End() => new AvroEncoder(bytes).Long(0);

    bool TryRecord(RecordSchema schema, JsonElement value, int depth)
    {
        foreach (var field in schema.Fields)
        {
            var own = value.TryGetProperty(field.Name, out var given) ? given : field.DefaultText;
            if (own is not { } text)
            {
                return Fail($"the default has no '{field.Name}', which {schema.Name.Full} has no default for; name it");
            }

            if (!TryWrite(field.Schema, text, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    bool TryUnion(UnionSchema schema, JsonElement value, int depth)
    {
        var start = bytes.Length;
        for (var i = 0; i < schema.Branches.Count; i++)
        {
            new AvroEncoder(bytes).Long(i);
            if (TryWrite(schema.Branches[i], value, depth + 1))
            {
                return true;
            }

            bytes.Truncate(start);
        }

        return Unfit(schema, value);
    }

    bool Unfit(AvroSchema schema, JsonElement value)
    {
        const int quoted = 60;
        var text = value.GetRawText();
        return Fail($"the default {(text.Length > quoted ? text[..quoted] + "..." : text)} is no {schema.Description}; give one, or drop it");
    }

    bool Fail(string what)
    {
        problem = what;
        return false;
    }
}
