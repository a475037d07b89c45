using StreamSettle.Streams.Errors;

namespace StreamSettle.Streams.Testing;

/// <summary>How a <see cref="TopologyDriver"/> runs its topology.</summary>
public sealed record TopologyDriverOptions
{
    /// <summary>Records after which a commit comes; it comes in any case when nothing is left to do. Default: only then.</summary>
    public int CommitEvery { get; init; } = int.MaxValue;

    /// <summary>Default: fail.</summary>
    public DeserializationExceptionHandler OnDeserializationException { get; init; } = static (_, scoped in _, _) => new DeserializationHandlerResponse.Fail();
}
