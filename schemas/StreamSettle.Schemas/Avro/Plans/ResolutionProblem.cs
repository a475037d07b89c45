namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>Why a reader's schema cannot take what a writer's schema says.</summary>
/// <param name="Path">Where in the value: <c>after.lines[].amount</c>; empty for the whole.</param>
/// <param name="What">What does not fit, and how it is mended.</param>
public sealed record ResolutionProblem(ResolutionRule Rule, string Path, string What)
{
    public override string ToString() => Path.Length == 0 ? What : $"{Path}: {What}";
}
