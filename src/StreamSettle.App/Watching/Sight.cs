using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.App.Watching;

/// <summary>What is seen of the service at one moment, as far as a change of it is worth a line.</summary>
sealed record Sight
{
    /// <summary>Why nothing fires; empty when marks fire.</summary>
    public IReadOnlyList<ClosedReason> Closed { get; init; } = [];

    /// <summary>What is wrong with the source; null while it is followed.</summary>
    public string? SourceLost { get; init; }

    public EventLogSight EventLog { get; init; } = new(null, null, 0);

    /// <summary>Why records of ours wait to be read; null while none does.</summary>
    public string? HeldBack { get; init; }

    /// <summary>Why no seals are made; null while they are, or are not to be.</summary>
    public string? NotSealing { get; init; }

    /// <summary>Why notaries do not testify, by their names; null of one that does what it should.</summary>
    public IReadOnlyDictionary<string, string?> Notaries { get; init; } = new Dictionary<string, string?>();

    public IReadOnlyDictionary<Leg, SystemSight> Systems { get; init; } = new Dictionary<Leg, SystemSight>();

    /// <summary>Dead letters that came since the start.</summary>
    public IReadOnlyList<DeadLetterCount> DeadLetters { get; init; } = [];
}

/// <param name="AwaySince">Null while it is reached.</param>
/// <param name="Reason">Why it is away.</param>
/// <param name="Events">In it when it was reached last.</param>
sealed record EventLogSight(UtcInstant? AwaySince, string? Reason, long Events);

/// <summary>How a downstream system stands.</summary>
/// <param name="Text">For people; <c>ok</c> when it is well.</param>
/// <param name="KeepsOrder">False where it was seen not to work through batches in the order that it is configured to keep.</param>
sealed record SystemSight(SystemState State, string Text, bool KeepsOrder = true)
{
    public Health Health => State switch { SystemState.Well => KeepsOrder ? Health.Good : Health.Warning, SystemState.Paused or SystemState.Degraded => Health.Warning, _ => Health.Bad };
}
