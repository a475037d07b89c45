namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>One step of a plan and those within it. Written once by the compiler; a recursive schema's steps contain themselves.</summary>
internal sealed class PlanStep(PlanOp op, int slot = PlanStep.NoSlot)
{
    public const int NoSlot = -1;

    /// <summary>In <see cref="Symbols"/>: the reader has no such symbol.</summary>
    public const int NoSymbol = -1;

    public PlanOp Op { get; internal set; } = op;

    public int Slot { get; } = slot;

    /// <summary>Of a record its steps, of a union its branches by the writer's index, of an array or map its item, of a branch what is in it.</summary>
    public PlanStep[] Steps { get; internal set; } = [];

    /// <summary>What a step is called in an error: the reader's field, or the writer's where the reader has none.</summary>
    public string[] Names { get; internal set; } = [];

    /// <summary>Bytes of a fixed or a skipped number, how many symbols an enum has, the branch of a reader's union, or the fewest bytes of an array's item.</summary>
    public int Size { get; internal init; }

    /// <summary>The reader's symbol by the writer's.</summary>
    public int[] Symbols { get; internal init; } = [];

    /// <summary>Of an enum or a record, as the reader has it.</summary>
    public AvroSchema? Schema { get; internal init; }

    /// <summary>A default's bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; internal init; }

    /// <summary>Why the reader cannot take this.</summary>
    public ResolutionProblem? Problem { get; internal init; }
}
