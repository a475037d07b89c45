using StreamSettle.Sandbox.Downstreams.Budgets;

namespace StreamSettle.Sandbox.Downstreams.Faults;

/// <summary>How one system misbehaves. Probabilities are per request (and per item, for what can happen to an item alone), 0 to 1; all are 0 by default.</summary>
public sealed record SystemFaults
{
    public double TimeoutButDone { get; init; }

    public double ErrorButDone { get; init; }

    public double ErrorNotDone { get; init; }

    public double ResetBefore { get; init; }

    public double ResetAfter { get; init; }

    public double Garbage { get; init; }

    public double LateDone { get; init; }

    public double Slow { get; init; }

    public double Drip { get; init; }

    public double Unavailable { get; init; }

    public double TooManyRequests { get; init; }

    /// <summary>Errors whose share goes up and down, beside the others; null, the default: none.</summary>
    public FaultSwing? ErrorSwing { get; init; }

    /// <summary>Share of keys, always the same ones, that are refused with 422.</summary>
    public double RejectShare { get; init; }

    /// <summary>Keys that are refused with 422.</summary>
    public IReadOnlyList<string> RejectKeys { get; init; } = [];

    /// <summary>Share of keys, always the same ones, whose effects are undone after a while and told by a callback; told of once it is known whom to tell.</summary>
    public double ReturnShare { get; init; }

    /// <summary>How long an effect stands before it is undone. Default 1 s.</summary>
    public TimeSpan ReturnAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A repeated call is answered 409 with the recorded answer, as some systems do.</summary>
    public bool ConflictOnRepeat { get; init; }

    /// <summary>Batches are answered with 404.</summary>
    public bool NoBatch { get; init; }

    /// <summary>No fault but a promise: a merchant's items of a batch are worked through in their order, and those behind one that is not answered as done or refused get 424 and are not begun. Default false.</summary>
    public bool InOrder { get; init; }

    /// <summary>A batch with more items is answered with 413. Default 1,000, the contract's bound.</summary>
    public int MaxBatch { get; init; } = 1000;

    /// <summary>What every answer takes. Default 0.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>So many requests are worked at at once, for as long as <see cref="Latency"/> says, the others wait for them; null, the default: any number.</summary>
    public int? Workers { get; init; }

    /// <summary>What an answer that is slow, or comes byte by byte, takes more. Default 1 s.</summary>
    public TimeSpan SlowFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a timeout hangs if the caller does not give up before. Default 30 s.</summary>
    public TimeSpan HangFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much later a late call is done. Default 500 ms.</summary>
    public TimeSpan LateBy { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What 429 and 503 ask for, in whole seconds. Default 1 s.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    public RetryAfterStyle RetryAfterStyle { get; init; }

    /// <summary>Requests in any window of <see cref="RateWindow"/>; null, the default: no budget.</summary>
    public int? RateLimit { get; init; }

    /// <summary>Default one minute.</summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromMinutes(1);

    public RateLimitStyle RateLimitStyle { get; init; } = RateLimitStyle.IetfPolicy;

    public IReadOnlyList<FaultPeriod> Periods { get; init; } = [];

    /// <summary>One message for each rule that is broken; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        (string Rule, bool Holds)[] rules =
        [
            ("every probability must be 0 to 1, and together at most 1", Dice().All(fault => fault.Probability is >= 0 and <= 1) && Dice().Sum(fault => fault.Probability) <= 1),
            ("RejectShare must be 0 to 1", RejectShare is >= 0 and <= 1),
            ("ReturnShare must be 0 to 1", ReturnShare is >= 0 and <= 1),
            ("ErrorSwing must go between shares of 0 to 1 in a positive time", ErrorSwing is null || (ErrorSwing is { From: >= 0 and <= 1, To: >= 0 and <= 1 } && ErrorSwing.Every > TimeSpan.Zero)),
            ("MaxBatch must be at least 1", MaxBatch >= 1),
            ("Workers must be at least 1", Workers is null or >= 1),
            ("durations must not be negative", Latency >= TimeSpan.Zero && SlowFor >= TimeSpan.Zero && HangFor >= TimeSpan.Zero && LateBy >= TimeSpan.Zero && RetryAfter >= TimeSpan.Zero && ReturnAfter >= TimeSpan.Zero),
            ("RateLimit must be at least 1", RateLimit is null or >= 1),
            ("RateWindow must be positive", RateWindow > TimeSpan.Zero),
            ("periods must last, be of a kind that fits all requests, and come back at a positive interval",
                Periods.All(period => period.Lasts > TimeSpan.Zero && FaultPeriod.Kinds.Contains(period.Kind) && (period.Every is null || period.Every > TimeSpan.Zero))),
        ];
        return rules.Where(rule => !rule.Holds).Select(rule => $"{section}: {rule.Rule}.");
    }

    internal IReadOnlyList<(FaultKind Kind, double Probability)> Dice() =>
    [
        (FaultKind.TimeoutButDone, TimeoutButDone), (FaultKind.ErrorButDone, ErrorButDone), (FaultKind.ErrorNotDone, ErrorNotDone), (FaultKind.ResetBefore, ResetBefore),
        (FaultKind.ResetAfter, ResetAfter), (FaultKind.Garbage, Garbage), (FaultKind.LateDone, LateDone), (FaultKind.Slow, Slow), (FaultKind.Drip, Drip), (FaultKind.Unavailable, Unavailable),
        (FaultKind.TooManyRequests, TooManyRequests),
    ];
}
