using System.Text.Json;

namespace StreamSettle.Schemas.Avro.Parsing;

/// <summary>Where a named type is defined in a schema's text.</summary>
/// <param name="Space">The namespace around it.</param>
internal sealed record Definition(JsonElement Text, string Space, string Path)
{
    /// <summary>All definitions by their full names; of two with one name the first, as the second is a mistake that is told when it is parsed.</summary>
    public static Dictionary<string, Definition> All(JsonElement root)
    {
        var all = new Dictionary<string, Definition>();
        Collect(root, "", "", all);
        return all;
    }

    static void Collect(JsonElement text, string space, string path, Dictionary<string, Definition> all)
    {
        if (text.ValueKind == JsonValueKind.Array)
        {
            Items(text, path, (item, at) => Collect(item, space, at, all));
        }

        if (text.ValueKind != JsonValueKind.Object || !text.TryGetProperty("type", out var type))
        {
            return;
        }

        switch (type.ValueKind == JsonValueKind.String ? type.GetString() : null)
        {
            case null:
                Collect(type, space, SchemaParser.Join(path, "type"), all);
                break;
            case "array":
                Part(text, "items", space, path, all);
                break;
            case "map":
                Part(text, "values", space, path, all);
                break;
            case "record" or "error" or "enum" or "fixed":
                var name = SchemaParser.Name(text, space, path);
                all.TryAdd(name.Full, new(text, space, path));
                if (text.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Array)
                {
                    Items(fields, SchemaParser.Join(path, "fields"), (field, at) => Part(field, "type", name.Space, at, all));
                }

                break;
        }
    }

    static void Part(JsonElement text, string name, string space, string path, Dictionary<string, Definition> all)
    {
        if (text.ValueKind == JsonValueKind.Object && text.TryGetProperty(name, out var part))
        {
            Collect(part, space, SchemaParser.Join(path, name), all);
        }
    }

    static void Items(JsonElement list, string path, Action<JsonElement, string> each)
    {
        var i = 0;
        foreach (var item in list.EnumerateArray())
        {
            each(item, $"{path}[{i++}]");
        }
    }
}
