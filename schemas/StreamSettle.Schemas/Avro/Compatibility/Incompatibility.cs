namespace StreamSettle.Schemas.Avro.Compatibility;

/// <summary>Why a reader cannot read what a writer may write, by the kinds of Avro's own checkers.</summary>
public enum IncompatibilityKind : byte
{
    TypeMismatch,
    NameMismatch,
    FixedSizeMismatch,
    MissingEnumSymbols,
    MissingUnionBranch,
    ReaderFieldMissingDefaultValue,
}

/// <summary>One reason.</summary>
/// <param name="Location">Where in the reader's schema, or of a missing branch in the writer's union: <c>/fields/0/type</c>; <c>/</c> for the whole.</param>
/// <param name="What">What does not fit.</param>
/// <param name="Mend">What to do about it in the reader's schema.</param>
public sealed record Incompatibility(IncompatibilityKind Kind, string Location, string What, string Mend)
{
    /// <summary>What it is and how it is mended.</summary>
    public string Message => $"{What}; {Mend}";

    /// <summary>Of a missing branch where the reader's union has one of that name, which does not fit: why not. In the reader's schema, with the branch's place in the union.</summary>
    public IReadOnlyList<Incompatibility> Within { get; init; } = [];
}
