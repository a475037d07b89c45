using System.Globalization;
using System.Text;
using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Evolution;

/// <summary>Schemas as a page for people, made of their own docs.</summary>
public static class SchemaDocs
{
    /// <summary>The page of a folder: Markdown, the same for the same schemas.</summary>
    public static string Of(SchemaFolder folder)
    {
        var page = new StringBuilder();
        page.Append("# Schemas\n\nWhat the schemas in `schemas/*.avsc` say, made of their docs by `streamsettle schemas docs`; a test keeps it up to date. How they are changed: [evolving-schemas.md](evolving-schemas.md).\n\n");
        page.Append("| schema | file | compatibility | released in |\n|---|---|---|---|\n");
        foreach (var file in folder.Current)
        {
            var releases = folder.Releases.Where(release => release.File(file.Name) is not null).Select(release => release.Version);
            page.Append(CultureInfo.InvariantCulture, $"| [{file.Schema.Name.Short}](#{Anchor(file.Schema)}) | `{file.Name}` | {file.Level.Text} | {string.Join(", ", releases)} |\n");
        }

        var told = new HashSet<string>();
        foreach (var file in folder.Current)
        {
            foreach (var type in Types(file.Schema).Where(type => told.Add(type.Name.Full)))
            {
                page.Append('\n').Append(type == file.Schema ? "## " : "### ").Append(Of(type));
            }
        }

        return page.ToString();
    }

    /// <summary>One type: its name, its doc, and its fields or symbols.</summary>
    public static string Of(NamedSchema type)
    {
        var text = new StringBuilder();
        text.Append(type.Name.Short).Append("\n\n").Append(type.Doc).Append('\n');
        switch (type)
        {
            case RecordSchema record:
                text.Append("\n| field | type | default | meaning |\n|---|---|---|---|\n");
                foreach (var field in record.Fields)
                {
                    var otherwise = SchemaText.DefaultOf(field);
                    text.Append(CultureInfo.InvariantCulture, $"| `{field.Name}` | {Linked(field.Schema)} | {(otherwise.Length == 0 ? "" : $"`{otherwise}`")} | {Aliased(field)}{field.Doc} |\n");
                }

                break;
            case EnumSchema symbols:
                text.Append('\n').AppendJoin(", ", symbols.Symbols.Select(symbol => $"`{symbol}`"));
                text.Append(symbols.DefaultSymbol is { } taken ? $"; what a reader does not know it takes for `{taken}`\n" : "\n");
                break;
            case FixedSchema raw:
                text.Append(CultureInfo.InvariantCulture, $"\n{raw.Size} bytes\n");
                break;
        }

        return text.ToString();
    }

    static string Aliased(RecordField field) => field.Aliases.Count == 0 ? "" : $"Before: {string.Join(", ", field.Aliases.Select(alias => $"`{alias}`"))}. ";

    static string Linked(AvroSchema schema) => schema switch
    {
        NamedSchema named when named.Logical is null => $"[{named.Name.Short}](#{Anchor(named)})",
        UnionSchema union => string.Join(" or ", union.Branches.OrderBy(branch => branch.Type == AvroType.Null).Select(Linked)),
        ArraySchema array => $"list of {Linked(array.Items)}",
        MapSchema map => $"map of {Linked(map.Values)}",
        _ => SchemaText.Of(schema),
    };

    static string Anchor(NamedSchema type) => type.Name.Short.ToLowerInvariant();

    /// <summary>The type and those in it, in the order in which they are met.</summary>
    static List<NamedSchema> Types(RecordSchema root)
    {
        var types = new List<NamedSchema>();
        Collect(root, types);
        return types;
    }

    static void Collect(AvroSchema schema, List<NamedSchema> types)
    {
        switch (schema)
        {
            case NamedSchema named when types.Contains(named):
                break;
            case RecordSchema record:
                types.Add(record);
                foreach (var field in record.Fields)
                {
                    Collect(field.Schema, types);
                }

                break;
            case NamedSchema named:
                types.Add(named);
                break;
            case UnionSchema union:
                foreach (var branch in union.Branches)
                {
                    Collect(branch, types);
                }

                break;
            case ArraySchema array:
                Collect(array.Items, types);
                break;
            case MapSchema map:
                Collect(map.Values, types);
                break;
        }
    }
}
