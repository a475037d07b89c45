namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>What a step of a plan does with the bytes that come next.</summary>
internal enum PlanOp : byte
{
    // Nobody wants the value: it is checked as far as its length depends on it.
    SkipNothing,
    SkipInt,
    SkipLong,
    SkipIndex,
    SkipBytes,
    SkipSize,
    SkipBlocks,

    // The value goes to the sink as it is.
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    Text,
    Fixed,
    Enum,

    // The value goes to the sink as the reader's type.
    IntAsLong,
    IntAsFloat,
    IntAsDouble,
    LongAsFloat,
    LongAsDouble,
    FloatAsDouble,
    BytesAsText,
    TextAsBytes,

    /// <summary>Steps in the writer's order, then the reader's defaults.</summary>
    Record,

    /// <summary>As a record, but nobody wants any of it.</summary>
    SkipRecord,

    Array,
    Map,

    /// <summary>A branch by the index that the writer wrote.</summary>
    Union,

    /// <summary>Tells the sink of a branch of the reader's union, then the step within.</summary>
    Branch,

    /// <summary>Takes no bytes, but a value of the reader's schema.</summary>
    Default,

    /// <summary>The reader cannot take what comes here: met only in a branch or a symbol that was really written.</summary>
    Mismatch,
}
