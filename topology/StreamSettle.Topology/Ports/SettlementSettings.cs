using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Ports;

/// <summary>What the topology's behaviour depends on beside its input.</summary>
public sealed record SettlementSettings
{
    /// <summary>How long an order is remembered after its mark. Default 400 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Orders completed before it are not ours; null: all are.</summary>
    public UtcInstant? CompletedSince { get; init; }

    /// <summary>How often the clock looks for due orders and settle for released ones. Default 50 ms.</summary>
    public TimeSpan PunctuationInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long after the clock settle looks for released ones: by then it has what the clock found due, and need not wait for its next look. Default 0: at the same time.
    /// </summary>
    public TimeSpan ReleasePhase { get; init; }

    /// <summary>Most orders that one task fires in one punctuation, which bounds the transaction. Default 500.</summary>
    public int MaxFired { get; init; } = 500;

    /// <summary>Most orders that one task looks at in one punctuation after the table was emptied or read anew, which bounds the transaction. Default 1000.</summary>
    public int MaxSwept { get; init; } = 1_000;

    /// <summary>When an order is forgotten that has nothing to come: never sooner than the retention after what is known of it now.</summary>
    internal UtcInstant KeptUntil(UtcInstant due, UtcInstant now) => (due > now ? due : now) + Retention;

    /// <summary>One message for each rule that is broken: key, rule, value.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (Retention <= TimeSpan.Zero || Retention > TimeSpan.FromDays(36_500))
        {
            yield return $"{section}:Retention must be above zero and at most 36500 days, but is {Retention}.";
        }

        if (PunctuationInterval < TimeSpan.FromMilliseconds(1))
        {
            yield return $"{section}:PunctuationInterval must be at least a millisecond, but is {PunctuationInterval}.";
        }

        if (ReleasePhase < TimeSpan.Zero || ReleasePhase >= PunctuationInterval)
        {
            yield return $"{section}:ReleasePhase must not be negative and must be below PunctuationInterval, but is {ReleasePhase}.";
        }

        if (MaxSwept < 1)
        {
            yield return $"{section}:MaxSwept must be at least 1, but is {MaxSwept}.";
        }

        if (MaxFired < 1)
        {
            yield return $"{section}:MaxFired must be at least 1, but is {MaxFired}.";
        }
    }
}
