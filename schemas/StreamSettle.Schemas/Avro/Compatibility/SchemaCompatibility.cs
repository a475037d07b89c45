namespace StreamSettle.Schemas.Avro.Compatibility;

/// <summary>
/// Whether a reader can read everything that a writer may write: BACKWARD with the new schema as reader, FORWARD with it as writer. The rules are those of Avro's own
/// checkers, which look at names of records where decoding does not, and which say nothing about logical types.
/// </summary>
public static class SchemaCompatibility
{
    /// <summary>Every reason against it; empty where it can.</summary>
    public static IReadOnlyList<Incompatibility> Check(AvroSchema reader, AvroSchema writer) => new Comparison().Of(reader, writer, "");

    sealed class Comparison
    {
        readonly HashSet<(AvroSchema, AvroSchema)> goodOrUnderWay = [];

        public IReadOnlyList<Incompatibility> Of(AvroSchema reader, AvroSchema writer, string at)
        {
            AvroNesting.Check();
            // A pair that is under way already is what its other parts make it, and one that was found good is not looked at again.
            if (!goodOrUnderWay.Add((reader, writer)))
            {
                return [];
            }

            var found = Compare(reader, writer, at);
            if (found.Count > 0)
            {
                goodOrUnderWay.Remove((reader, writer));
            }

            return found;
        }

        IReadOnlyList<Incompatibility> Compare(AvroSchema reader, AvroSchema writer, string at) => (reader, writer) switch
        {
            (UnionSchema to, UnionSchema from) => [.. from.Branches.SelectMany((branch, i) => OfUnion(to, branch, at).Select(missing => missing with { Location = $"{at}/{i}" }))],
            (_, UnionSchema from) => [.. from.Branches.SelectMany(branch => Of(reader, branch, at))],
            (UnionSchema to, _) => OfUnion(to, writer, at),
            (RecordSchema to, RecordSchema from) => [.. Names(to, from, at), .. Fields(to, from, at)],
            (EnumSchema to, EnumSchema from) => [.. Names(to, from, at), .. Symbols(to, from, at)],
            (FixedSchema to, FixedSchema from) => [.. Names(to, from, at), .. Sizes(to, from, at)],
            (ArraySchema to, ArraySchema from) => Of(to.Items, from.Items, $"{at}/items"),
            (MapSchema to, MapSchema from) => Of(to.Values, from.Values, $"{at}/values"),
            _ when Promotion.IsAllowed(writer.Type, reader.Type) => [],
            _ => One(IncompatibilityKind.TypeMismatch, at, $"the reader's type {reader.Description} takes no {writer.Description}", "keep the type, or widen it as the specification allows"),
        };

        static Incompatibility[] Names(NamedSchema reader, NamedSchema writer, string at) => reader.Answers(writer) ? []
            : One(IncompatibilityKind.NameMismatch, $"{at}/name", $"the reader expects {reader.Name.Full}, the writer has {writer.Name.Full}", "add the writer's name to the reader's aliases");

        IEnumerable<Incompatibility> Fields(RecordSchema reader, RecordSchema writer, string at)
        {
            foreach (var field in reader.Fields)
            {
                var from = writer.Field(field.Name) ?? field.Aliases.Select(writer.Field).FirstOrDefault(found => found is not null);
                var reasons = from is not null ? Of(field.Schema, from.Schema, $"{at}/fields/{field.Position}/type")
                    : field.Default is not null || field.Schema is EnumSchema { DefaultSymbol: not null } ? []
                    : One(IncompatibilityKind.ReaderFieldMissingDefaultValue, $"{at}/fields/{field.Position}", $"the writer has no field '{field.Name}' and the reader no default for it", "add one");
                foreach (var reason in reasons)
                {
                    yield return reason;
                }
            }
        }

        static Incompatibility[] Symbols(EnumSchema reader, EnumSchema writer, string at)
        {
            var missing = writer.Symbols.Except(reader.Symbols).ToList();
            return missing.Count == 0 || reader.DefaultSymbol is not null ? []
                : One(IncompatibilityKind.MissingEnumSymbols, $"{at}/symbols", $"the reader lacks the symbols {string.Join(", ", missing)}", "add them, or give the enum a default");
        }

        static Incompatibility[] Sizes(FixedSchema reader, FixedSchema writer, string at) => reader.Size == writer.Size ? []
            : One(IncompatibilityKind.FixedSizeMismatch, $"{at}/size", $"the reader expects {reader.Size} bytes, the writer has {writer.Size}", "a fixed of another size is another type");

        Incompatibility[] OfUnion(UnionSchema reader, AvroSchema writer, string at)
        {
            IReadOnlyList<Incompatibility> within = [];
            for (var i = 0; i < reader.Branches.Count; i++)
            {
                var branch = reader.Branches[i];
                var found = Of(branch, writer, $"{at}/{i}");
                if (found.Count == 0)
                {
                    return [];
                }

                within = branch.Type == writer.Type && (branch is not NamedSchema named || named.Answers((NamedSchema)writer)) ? found : within;
            }

            return [new(IncompatibilityKind.MissingUnionBranch, Place(at), $"the reader's union has no branch for {writer.Description}", "add it") { Within = within }];
        }

        static Incompatibility[] One(IncompatibilityKind kind, string at, string what, string mend) => [new(kind, Place(at), what, mend)];

        static string Place(string at) => at.Length == 0 ? "/" : at;
    }
}
