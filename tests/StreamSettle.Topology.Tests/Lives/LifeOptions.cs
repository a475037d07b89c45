using StreamSettle.Streams.Testing;

namespace StreamSettle.Topology.Tests.Lives;

/// <summary>How a life is lived.</summary>
sealed record LifeOptions
{
    /// <summary>Commits are aborted, and the process dies and starts anew.</summary>
    public bool Faults { get; init; }

    /// <summary>The log in memory is hostile.</summary>
    public bool Hostile { get; init; }

    /// <summary>Where it is lived; null for a log in memory.</summary>
    public IDrivenLog? Log { get; init; }

    /// <summary>Things that happen before everything comes to its end.</summary>
    public int Steps { get; init; } = 24;

    /// <summary>With faults: commits of tasks, of which one is aborted.</summary>
    public int AbortOneIn { get; init; } = 12;

    /// <summary>Rare punctuations make a life short.</summary>
    public TimeSpan PunctuationInterval { get; init; } = TimeSpan.FromMinutes(30);
}
