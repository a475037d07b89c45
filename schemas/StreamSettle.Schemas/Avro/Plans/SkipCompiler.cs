namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>Compiles steps that pass over values of a writer's schema, and says how few bytes one has.</summary>
internal sealed class SkipCompiler
{
    const int FloatBytes = 4;
    const int DoubleBytes = 8;

    readonly Dictionary<AvroSchema, PlanStep> steps = [];
    readonly Dictionary<AvroSchema, int> fewest = [];

    public PlanStep Compile(AvroSchema writer)
    {
        AvroNesting.Check();
        if (steps.TryGetValue(writer, out var known))
        {
            return known;
        }

        var step = writer switch
        {
            UnionSchema => new PlanStep(PlanOp.Union),
            RecordSchema => new PlanStep(PlanOp.SkipRecord),
            EnumSchema symbols => new PlanStep(PlanOp.SkipIndex) { Size = symbols.Symbols.Count },
            FixedSchema raw => new PlanStep(PlanOp.SkipSize) { Size = raw.Size },
            ArraySchema array => new PlanStep(PlanOp.SkipBlocks) { Size = Fewest(array.Items) },
            MapSchema map => new PlanStep(PlanOp.SkipBlocks) { Size = 1 + Fewest(map.Values) },
            _ => Primitive(writer.Type),
        };
        steps.Add(writer, step);
        step.Steps = writer switch
        {
            UnionSchema union => [.. union.Branches.Select(Compile)],
            RecordSchema record => [.. record.Fields.Select(field => Compile(field.Schema))],
            ArraySchema array => [Compile(array.Items)],
            MapSchema map => [new PlanStep(PlanOp.SkipBytes), Compile(map.Values)],
            _ => [],
        };
        step.Names = writer is RecordSchema named ? [.. named.Fields.Select(field => field.Name)] : [];
        return step;
    }

    /// <summary>The fewest bytes that a value can have; of one that contains itself at least that.</summary>
    public int Fewest(AvroSchema writer)
    {
        AvroNesting.Check();
        if (fewest.TryGetValue(writer, out var known))
        {
            return known;
        }

        fewest.Add(writer, 0);
        var bytes = writer switch
        {
            RecordSchema record => record.Fields.Sum(field => (long)Fewest(field.Schema)),
            UnionSchema union => 1 + union.Branches.Select(Fewest).DefaultIfEmpty().Min(),
            FixedSchema raw => raw.Size,
            PrimitiveSchema { Type: AvroType.Null } => 0,
            PrimitiveSchema { Type: AvroType.Float } => FloatBytes,
            PrimitiveSchema { Type: AvroType.Double } => DoubleBytes,
            _ => 1,
        };
        return fewest[writer] = (int)Math.Min(bytes, int.MaxValue / 2);
    }

    static PlanStep Primitive(AvroType type) => type switch
    {
        AvroType.Null => new(PlanOp.SkipNothing),
        AvroType.Boolean => new(PlanOp.SkipSize) { Size = 1 },
        AvroType.Int => new(PlanOp.SkipInt),
        AvroType.Long => new(PlanOp.SkipLong),
        AvroType.Float => new(PlanOp.SkipSize) { Size = FloatBytes },
        AvroType.Double => new(PlanOp.SkipSize) { Size = DoubleBytes },
        _ => new(PlanOp.SkipBytes),
    };
}
