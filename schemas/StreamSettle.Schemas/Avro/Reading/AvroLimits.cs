namespace StreamSettle.Schemas.Avro.Reading;

/// <summary>How much a value may ask of a reader, whatever its bytes say: a length or a count in them is never believed.</summary>
public sealed record AvroLimits
{
    public static AvroLimits Default { get; } = new();

    /// <summary>Longest value, in bytes: 64 MiB, as a column may hold a large text.</summary>
    public int MaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Deepest nesting of records, arrays and maps.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Records, items of arrays and values of maps in one value: those of no bytes can be asked for without an end.</summary>
    public int MaxItems { get; init; } = 1_000_000;
}
