using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>What a system told us of how it wants to be called: it holds over restarts, until an answer says otherwise.</summary>
internal sealed record SystemTerms
{
    /// <summary>When it became so. Of what several tasks remember the latest counts.</summary>
    public UtcInstant ToldAt { get; init; } = UtcInstant.MinValue;

    public IReadOnlyList<RateRule> Rules { get; init; } = [];

    /// <summary>Nothing is sent before; <see cref="UtcInstant.MinValue"/> where no pause was asked for.</summary>
    public UtcInstant PausedUntil { get; init; } = UtcInstant.MinValue;

    /// <summary>Requests left until <see cref="RemainingUntil"/>; null where they are none to be short of.</summary>
    public long? Remaining { get; init; }

    public UtcInstant RemainingUntil { get; init; } = UtcInstant.MinValue;

    /// <summary>Calls in a request at most, as refusals taught.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>What was configured then: under another configuration <see cref="BatchSize"/> is learned anew.</summary>
    public int ConfiguredBatchSize { get; init; } = 1;

    /// <summary>Nothing has changed but the time.</summary>
    internal bool SaysTheSameAs(SystemTerms other) => this with { ToldAt = other.ToldAt, Rules = other.Rules } == other && Rules.SequenceEqual(other.Rules);
}
