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
/// <param name="Message">What it is and how it is mended.</param>
public sealed record Incompatibility(IncompatibilityKind Kind, string Location, string Message);
