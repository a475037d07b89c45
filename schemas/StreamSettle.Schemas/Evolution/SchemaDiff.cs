using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Evolution;

/// <summary>What differs between two versions of a schema, line by line, and who can read whom.</summary>
public static class SchemaDiff
{
    /// <summary>Lines for people: <c>+</c> what is new, <c>-</c> what is gone, <c>~</c> what is another; none where nothing differs.</summary>
    public static IReadOnlyList<string> Of(AvroSchema older, AvroSchema newer) => [.. SchemaPairs.Of(older, newer).SelectMany(Of)];

    /// <summary>Why a reader of one cannot read everything that was written by the other; empty where it can.</summary>
    public static IReadOnlyList<string> Unread(AvroSchema reader, AvroSchema writer) =>
        [.. SchemaJudge.Reasons(reader, writer).Select(reason => SchemaPlace.Of(reader, reason.Location) is { Length: > 0 } place ? $"{place}: {reason.What}" : reason.What)];

    static IEnumerable<string> Of(SchemaPair pair) => (pair.Older, pair.Newer) switch
    {
        (RecordSchema older, RecordSchema newer) => [.. Named(older, newer, pair.Path), .. Fields(older, newer, pair.Path)],
        (EnumSchema older, EnumSchema newer) => [.. Named(older, newer, pair.Path), .. Symbols(older, newer, pair.Path)],
        (UnionSchema, _) or (_, UnionSchema) => Branches(SchemaPairs.Branches(pair.Older), SchemaPairs.Branches(pair.Newer), pair.Path),
        (ArraySchema, ArraySchema) or (MapSchema, MapSchema) => [],
        _ => Simple(pair.Older, pair.Newer, pair.Path),
    };

    static IEnumerable<string> Named(NamedSchema older, NamedSchema newer, string path)
    {
        if (older.Name != newer.Name)
        {
            yield return At('~', path, $"{older.Name} is now {newer.Name}");
        }

        if (older.Doc != newer.Doc)
        {
            yield return At('~', path, $"the doc of {newer.Name.Short} is another");
        }
    }

    static IEnumerable<string> Fields(RecordSchema older, RecordSchema newer, string path)
    {
        foreach (var field in older.Fields)
        {
            var at = SchemaPairs.Join(path, field.Name);
            if (newer.FieldFor(field.Name) is not { } same)
            {
                yield return At('-', at, Told(field));
                continue;
            }

            if (same.Name != field.Name)
            {
                yield return At('~', at, $"is now {same.Name}, with an alias");
            }

            if (SchemaText.DefaultOf(field) != SchemaText.DefaultOf(same))
            {
                yield return At('~', at, $"the default was {Or(SchemaText.DefaultOf(field))}, and is {Or(SchemaText.DefaultOf(same))}");
            }

            if (field.Doc != same.Doc)
            {
                yield return At('~', at, "its doc is another");
            }
        }

        foreach (var field in newer.Fields.Where(field => older.Fields.All(old => newer.FieldFor(old.Name) != field)))
        {
            yield return At('+', SchemaPairs.Join(path, field.Name), Told(field));
        }
    }

    static IEnumerable<string> Symbols(EnumSchema older, EnumSchema newer, string path)
    {
        foreach (var symbol in older.Symbols.Except(newer.Symbols))
        {
            yield return At('-', path, $"the symbol {symbol}");
        }

        foreach (var symbol in newer.Symbols.Except(older.Symbols))
        {
            yield return At('+', path, $"the symbol {symbol}");
        }

        if (older.DefaultSymbol != newer.DefaultSymbol)
        {
            yield return At('~', path, $"the default symbol was {Or(older.DefaultSymbol)}, and is {Or(newer.DefaultSymbol)}");
        }
    }

    static IEnumerable<string> Branches(IReadOnlyList<AvroSchema> older, IReadOnlyList<AvroSchema> newer, string path) =>
        older.Where(branch => SchemaPairs.Same(branch, newer) is null).Select(branch => At('-', path, $"the type {SchemaText.Of(branch)}"))
            .Concat(newer.Where(branch => SchemaPairs.Same(branch, older) is null).Select(branch => At('+', path, $"the type {SchemaText.Of(branch)}")));

    static IEnumerable<string> Simple(AvroSchema older, AvroSchema newer, string path)
    {
        var (was, now) = (SchemaText.Of(older), SchemaText.Of(newer));
        return was == now ? [] : [At('~', path, $"was {was}, and is {now}")];
    }

    static string Told(RecordField field) => SchemaText.DefaultOf(field) is { Length: > 0 } otherwise ? $"{SchemaText.Of(field.Schema)}, {otherwise} by default" : SchemaText.Of(field.Schema);

    static string Or(string? text) => string.IsNullOrEmpty(text) ? "none" : text;

    static string At(char sign, string path, string what) => path.Length == 0 ? $"{sign} {what}" : $"{sign} {path}: {what}";
}
