using StreamSettle.Schemas.Avro.Compatibility;
using StreamSettle.Schemas.Avro.Reading;

namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>
/// Resolves a writer's schema against a reader's by the specification (1.12, "Schema Resolution"), as Java's reference does where it leaves room: names of records are
/// not compared but within unions, and a reader's union takes the first branch that fits.
/// </summary>
internal sealed class PlanCompiler
{
    readonly SkipCompiler skips = new();
    readonly Dictionary<(AvroSchema Writer, AvroSchema Reader, SlotScope? Bound, int Slot), PlanStep> known = [];

    /// <param name="scope">Null where nothing of the value is wanted: then only the writer's schema counts.</param>
    public PlanStep Compile(AvroSchema writer, AvroSchema reader, SlotScope? scope, string path = "")
    {
        AvroNesting.Check();
        if (scope is null)
        {
            return skips.Compile(writer);
        }

        // Places that are bound have scopes of their own; whole values are the same wherever they stand in a slot.
        var key = (writer, reader, scope.IsWhole ? null : scope, scope.Slot);
        if (known.TryGetValue(key, out var step))
        {
            return step;
        }

        if (writer is UnionSchema union)
        {
            step = new(PlanOp.Union);
            known.Add(key, step);
            step.Steps = [.. union.Branches.Select(branch => Compile(branch, reader, scope, path))];
            return step;
        }

        if (reader is UnionSchema)
        {
            return FromReaderUnion(writer, (UnionSchema)reader, scope, path);
        }

        if (writer is RecordSchema from && reader is RecordSchema to)
        {
            step = new(PlanOp.Record, scope.Slot) { Schema = to };
            known.Add(key, step);
            Fill(step, from, to, scope, path);
            return step;
        }

        // A value that stands where only a part of it was bound has no such part.
        var isLeaf = writer is PrimitiveSchema or EnumSchema or FixedSchema;
        return known[key] = isLeaf && scope.Slot == PlanStep.NoSlot ? skips.Compile(writer) : Single(writer, reader, scope, path);
    }

    PlanStep Single(AvroSchema writer, AvroSchema reader, SlotScope scope, string path) => (writer, reader) switch
    {
        (ArraySchema from, ArraySchema to) => new(PlanOp.Array, scope.Slot) { Size = skips.Fewest(from.Items), Steps = [Compile(from.Items, to.Items, scope.Items, path + AvroPath.AnyItem)] },
        (MapSchema from, MapSchema to) => new(PlanOp.Map, scope.Slot) { Size = 1 + skips.Fewest(from.Values), Steps = [Compile(from.Values, to.Values, scope.Items, path + AvroPath.AnyItem)] },
        (NamedSchema from, NamedSchema to) when from.Type == to.Type && !to.Answers(from) =>
            Mismatch(ResolutionRule.NamesMatch, path, $"the writer has {from.Description}, the reader expects {to.Description}; add the writer's name to the reader's aliases"),
        (EnumSchema from, EnumSchema to) => Symbols(from, to, scope, path),
        (FixedSchema from, FixedSchema to) => from.Size == to.Size ? new(PlanOp.Fixed, scope.Slot) { Size = to.Size }
            : Mismatch(ResolutionRule.SizesMatch, path, $"the writer has {from.Size} bytes, the reader expects {to.Size}; a fixed of another size needs another name, in a union with the old"),
        (PrimitiveSchema, PrimitiveSchema) when Promotion.IsAllowed(writer.Type, reader.Type) => new(Primitive(writer.Type, reader.Type), scope.Slot),
        _ => Mismatch(ResolutionRule.TypesMatch, path, $"the writer has {writer.Description}, the reader expects {reader.Description}, and the one cannot be promoted to the other"),
    };

    void Fill(PlanStep step, RecordSchema from, RecordSchema to, SlotScope scope, string path)
    {
        var (steps, names, found) = (new List<PlanStep>(), new List<string>(), new HashSet<RecordField>());
        foreach (var field in from.Fields)
        {
            // A name of its own goes before an alias, so that a reader may keep a field beside the one that it was renamed to.
            var own = to.FieldFor(field.Name) is { } match && (match.Name == field.Name || from.Field(match.Name) is null) && found.Add(match) ? match : null;
            names.Add(own?.Name ?? field.Name);
            steps.Add(own is null ? skips.Compile(field.Schema) : Compile(field.Schema, own.Schema, scope.Of(own), AvroPath.Join(path, own.Name)));
        }

        foreach (var field in to.Fields.Where(field => !found.Contains(field)))
        {
            if (field.Default is null)
            {
                steps.Add(Mismatch(ResolutionRule.FieldHasDefault, AvroPath.Join(path, field.Name), $"the writer's {from.Description} has no field '{field.Name}' and the reader no default for it; add a default, or an alias of what the writer calls it"));
            }
            else if (scope.Of(field) is { } inner)
            {
                steps.Add(new(PlanOp.Default) { Bytes = field.Default.Value, Steps = [Compile(field.Schema, field.Schema, inner, AvroPath.Join(path, field.Name))] });
            }
            else
            {
                continue;
            }

            names.Add(field.Name);
        }

        (step.Steps, step.Names) = ([.. steps], [.. names]);
    }

    PlanStep FromReaderUnion(AvroSchema writer, UnionSchema reader, SlotScope scope, string path)
    {
        var branch = FirstMatch(writer, reader);
        if (branch < 0)
        {
            return Mismatch(ResolutionRule.BranchMatches, path, $"the reader's union {reader.Description} has no branch for the writer's {writer.Description}; add it");
        }

        var inner = Compile(writer, reader.Branches[branch], scope, path);
        return scope.IsWhole ? new(PlanOp.Branch, scope.Slot) { Size = branch, Steps = [inner] } : inner;
    }

    /// <summary>The first branch of the same type, a named one by its full name, else a record that can be read, best with the same short name; else the first to promote to.</summary>
    int FirstMatch(AvroSchema writer, UnionSchema reader)
    {
        var structural = -1;
        for (var i = 0; i < reader.Branches.Count; i++)
        {
            var branch = reader.Branches[i];
            if (branch.Type != writer.Type)
            {
                continue;
            }

            if (branch is not NamedSchema named || writer is not NamedSchema from || named.Name == from.Name || named.Aliases.Contains(from.Name))
            {
                return i;
            }

            if (branch is RecordSchema record && IsReadable((RecordSchema)writer, record) && (structural < 0 || named.Name.Short == from.Name.Short))
            {
                structural = i;
            }
        }

        return structural >= 0 ? structural : Enumerable.Range(0, reader.Branches.Count).FirstOrDefault(i => Promotion.IsAllowed(writer.Type, reader.Branches[i].Type) && reader.Branches[i].Type != writer.Type, -1);
    }

    /// <summary>As the reference looks, not deeper than the fields: what is wrong further in shows when it is met.</summary>
    bool IsReadable(RecordSchema writer, RecordSchema reader) => !Compile(writer, reader, SlotScope.Whole(0)).Steps.Any(IsMismatch);

    static bool IsMismatch(PlanStep step) =>
        step.Op == PlanOp.Mismatch || step.Op == PlanOp.Record && step.Steps.Any(part => part.Problem is { Rule: ResolutionRule.FieldHasDefault });

    static PlanStep Symbols(EnumSchema from, EnumSchema to, SlotScope scope, string path)
    {
        var otherwise = to.DefaultSymbol is { } symbol ? to.IndexOf(symbol) : PlanStep.NoSymbol;
        int[] symbols = [.. from.Symbols.Select(to.IndexOf).Select(index => index < 0 ? otherwise : index)];
        var lost = from.Symbols.Where(name => to.IndexOf(name) < 0);
        return new(PlanOp.Enum, scope.Slot)
        {
            Symbols = symbols,
            Schema = to,
            Problem = symbols.Contains(PlanStep.NoSymbol)
                ? new(ResolutionRule.SymbolIsKnown, path, $"the reader's {to.Description} knows none of {string.Join(", ", lost)}, one of which was written; add them, or give the reader's enum a default")
                : null,
        };
    }

    static PlanStep Mismatch(ResolutionRule rule, string path, string what) => new(PlanOp.Mismatch) { Problem = new(rule, path, what) };

    static PlanOp Primitive(AvroType writer, AvroType reader) => (writer, reader) switch
    {
        (AvroType.Null, _) => PlanOp.Null,
        (AvroType.Boolean, _) => PlanOp.Boolean,
        (AvroType.Int, AvroType.Int) => PlanOp.Int,
        (AvroType.Int, AvroType.Long) => PlanOp.IntAsLong,
        (AvroType.Int, AvroType.Float) => PlanOp.IntAsFloat,
        (AvroType.Int, _) => PlanOp.IntAsDouble,
        (AvroType.Long, AvroType.Long) => PlanOp.Long,
        (AvroType.Long, AvroType.Float) => PlanOp.LongAsFloat,
        (AvroType.Long, _) => PlanOp.LongAsDouble,
        (AvroType.Float, AvroType.Float) => PlanOp.Float,
        (AvroType.Float, _) => PlanOp.FloatAsDouble,
        (AvroType.Double, _) => PlanOp.Double,
        (AvroType.Bytes, AvroType.Bytes) => PlanOp.Bytes,
        (AvroType.Bytes, _) => PlanOp.BytesAsText,
        (AvroType.String, AvroType.String) => PlanOp.Text,
        _ => PlanOp.TextAsBytes,
    };
}
