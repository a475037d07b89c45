namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>
/// The reader's schema cannot take what the writer's has. Thrown when a plan is compiled if no value could be read at all, else when a value has the branch or symbol
/// that cannot. Somebody must change one of the schemas.
/// </summary>
public sealed class AvroResolutionException(IReadOnlyList<ResolutionProblem> problems)
    : Exception($"the reader's schema cannot take what the writer's schema says: {string.Join("; ", problems)}")
{
    /// <summary>All that is known, the first in the writer's order.</summary>
    public IReadOnlyList<ResolutionProblem> Problems { get; } = problems;
}
