using StreamSettle.Kernel.Time;

namespace StreamSettle.Sandbox.Auditing.World;

/// <summary>All events of one order, by version.</summary>
/// <param name="Id">As the log has it; the order's id in decimal.</param>
/// <param name="Version">What <c>mt_streams</c> says the last version is.</param>
public sealed record EventStream(string Id, long Version, IReadOnlyList<LoggedEvent> Events);

/// <summary>An event as the log has it: the members that any check needs, null or empty where its kind has none.</summary>
/// <param name="Type">The alias: <c>settlement_calculated</c>.</param>
public sealed record LoggedEvent(long Version, string Type)
{
    public UtcInstant RecordedAt { get; init; }

    public UtcInstant? DueAt { get; init; }

    public UtcInstant? CompletedAt { get; init; }

    public long MerchantId { get; init; }

    public string? Currency { get; init; }

    public long Gross { get; init; }

    /// <summary>Of a calculation, or cumulative of a reversal's request.</summary>
    public long Refunded { get; init; }

    public long Net { get; init; }

    public bool Priority { get; init; }

    public IReadOnlyList<MoneyLine> Lines { get; init; } = [];

    /// <summary>A call's key.</summary>
    public string? Key { get; init; }

    public string? Leg { get; init; }

    /// <summary>Of a replay: the key under which the call goes again, where that is another.</summary>
    public string? SentAs { get; init; }

    public int N { get; init; }

    public string? Receipt { get; init; }

    public string? Reason { get; init; }

    public string? Scope { get; init; }

    /// <summary>From when on a payout that waits may go; null where nobody has said.</summary>
    public UtcInstant? PayableAt { get; init; }

    /// <summary>Names of legs.</summary>
    public IReadOnlyList<string> Discarded { get; init; } = [];
}

/// <summary>What a party gets or gives back, in minor units.</summary>
public readonly record struct MoneyLine(string Party, long Amount);
