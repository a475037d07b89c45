using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Evolution;

/// <summary>Places of two schemas that belong together.</summary>
/// <param name="Path">In the newer one: <c>row.lines[].amount</c>; empty for the whole.</param>
public readonly record struct SchemaPair(string Path, AvroSchema Older, AvroSchema Newer);

/// <summary>Walks two versions of a schema side by side, as a reader of the newer one does: fields by name, then by alias; branches of unions by type and name.</summary>
public static class SchemaPairs
{
    /// <summary>Every place that both have, the whole first; what a named type has is told where the type is met first.</summary>
    public static IReadOnlyList<SchemaPair> Of(AvroSchema older, AvroSchema newer)
    {
        var pairs = new List<SchemaPair>();
        Walk(older, newer, "", pairs, []);
        return pairs;
    }

    internal static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The branch that is of the same type and, if it has one, of the same name; null where there is none.</summary>
    internal static AvroSchema? Same(AvroSchema older, IReadOnlyList<AvroSchema> branches) =>
        branches.FirstOrDefault(branch => branch.Type == older.Type && (branch is not NamedSchema named || named.Answers((NamedSchema)older)));

    static void Walk(AvroSchema older, AvroSchema newer, string path, List<SchemaPair> pairs, HashSet<(AvroSchema, AvroSchema)> seen)
    {
        AvroNesting.Check();
        pairs.Add(new(path, older, newer));
        if (!seen.Add((older, newer)))
        {
            return;
        }

        switch (older, newer)
        {
            case (RecordSchema from, RecordSchema to):
                foreach (var field in from.Fields)
                {
                    if (to.FieldFor(field.Name) is { } same)
                    {
                        Walk(field.Schema, same.Schema, Join(path, same.Name), pairs, seen);
                    }
                }

                break;
            case (ArraySchema from, ArraySchema to):
                Walk(from.Items, to.Items, path + "[]", pairs, seen);
                break;
            case (MapSchema from, MapSchema to):
                Walk(from.Values, to.Values, path + "[]", pairs, seen);
                break;
            case (UnionSchema, _) or (_, UnionSchema):
                foreach (var branch in Branches(older))
                {
                    if (Same(branch, Branches(newer)) is { } same)
                    {
                        Walk(branch, same, path, pairs, seen);
                    }
                }

                break;
        }
    }

    internal static IReadOnlyList<AvroSchema> Branches(AvroSchema schema) => schema is UnionSchema union ? union.Branches : [schema];
}
