using StreamSettle.Delivery.Breakers;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>What a system told us of how it wants to be called: it holds over restarts, until an answer says otherwise.</summary>
internal sealed record SystemTerms
{
    /// <summary>When it became so, and later than what was before, whatever the wall clock says. Of what several tasks remember the latest counts.</summary>
    public UtcInstant ToldAt { get; init; } = UtcInstant.MinValue;

    public IReadOnlyList<RateRule> Rules { get; init; } = [];

    /// <summary>Nothing is sent before; null where no pause was asked for.</summary>
    public MonotonicInstant? PausedUntil { get; init; }

    /// <summary>Quotas that may be short.</summary>
    public IReadOnlyList<Allowance> Allowances { get; init; } = [];

    /// <summary>Calls in a request at most, as refusals taught.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>What was configured then: under another configuration <see cref="BatchSize"/> is learned anew.</summary>
    public int ConfiguredBatchSize { get; init; } = 1;

    /// <summary>The system is degraded; null where it is not. Of use to who starts: each instance judges by what it sees itself.</summary>
    public Degradation? Degraded { get; init; }

    /// <summary>What other instances have to know of it: limits, and a pause that lasts. What is short is so for each by its own share, and each is told by its own answers.</summary>
    internal SystemTerms ForOthers(MonotonicInstant now) => this with { PausedUntil = PausedUntil > now ? PausedUntil : null, Allowances = [], Degraded = null };

    /// <summary>Nothing has changed but the time.</summary>
    internal bool SaysTheSameAs(SystemTerms other) =>
        this with { ToldAt = other.ToldAt, Rules = other.Rules, Allowances = other.Allowances } == other
        && Rules.SequenceEqual(other.Rules) && Allowances.SequenceEqual(other.Allowances);

    /// <summary>The same by a clock that is ahead by <paramref name="shift"/>.</summary>
    internal SystemTerms Moved(TimeSpan shift) => this with
    {
        PausedUntil = PausedUntil + shift,
        Allowances = [.. Allowances.Select(one => one with { Until = one.Until + shift })],
    };
}
