namespace StreamSettle.Schemas.Evolution;

/// <summary>Why a schema cannot be released as it is.</summary>
/// <param name="File">The file that has to be mended.</param>
/// <param name="Place">The field: <c>row.carrierId</c>; empty for the whole.</param>
/// <param name="Rule">Which rule is not kept, as Avro's checkers name theirs: <c>READER_FIELD_MISSING_DEFAULT_VALUE</c>.</param>
/// <param name="Against">What it is compared with, and in which direction; empty where it is wrong by itself.</param>
/// <param name="What">What is wrong, and how it is mended.</param>
public sealed record EvolutionProblem(string File, string Place, string Rule, string Against, string What)
{
    public override string ToString() => $"{File}: {(Place.Length == 0 ? "" : $"{Place}: ")}{Rule}{(Against.Length == 0 ? "" : $" ({Against})")}: {What}";
}
