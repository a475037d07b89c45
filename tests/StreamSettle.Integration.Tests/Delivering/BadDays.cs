using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Budgets;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Integration.Tests.Delivering;

/// <summary>How downstream systems misbehave, each way by itself and all together. Every system keeps the order of a merchant's items and undoes some of what it did, whatever else it does.</summary>
static class BadDays
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>What one fault is, strong enough that a short run meets it often.</summary>
    static readonly Dictionary<string, Func<SystemFaults, SystemFaults>> Alone = new()
    {
        ["timeout but done"] = faults => faults with { TimeoutButDone = 0.05 },
        ["500 but done"] = faults => faults with { ErrorButDone = 0.15 },
        ["500 not done"] = faults => faults with { ErrorNotDone = 0.15 },
        ["reset before"] = faults => faults with { ResetBefore = 0.1 },
        ["reset after"] = faults => faults with { ResetAfter = 0.1 },
        ["garbage"] = faults => faults with { Garbage = 0.15 },
        ["done late"] = faults => faults with { LateDone = 0.1 },
        ["conflict on repeat"] = faults => faults with { ErrorButDone = 0.1, ConflictOnRepeat = true },
        ["429 without Retry-After"] = faults => faults with { TooManyRequests = 0.2, RetryAfterStyle = RetryAfterStyle.Missing },
        ["429 with an absurd Retry-After"] = faults => faults with { TooManyRequests = 0.2, RetryAfterStyle = RetryAfterStyle.Absurd },
        ["503 without Retry-After"] = faults => faults with { Unavailable = 0.15, RetryAfterStyle = RetryAfterStyle.Missing },
        ["a silent budget"] = faults => faults with { RateLimit = 120, RateWindow = Window, RateLimitStyle = RateLimitStyle.Silent },
        ["outages"] = faults => faults with { Periods = [new(FaultKind.ResetBefore, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5))] },
        ["lost credentials"] = faults => faults with { Periods = [new(FaultKind.Unauthorized, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5))] },
        ["drip"] = faults => faults with { Drip = 0.1 },
        ["slow"] = faults => faults with { Slow = 0.2 },
        ["an error rate around 10 %"] = faults => faults with { ErrorSwing = new(0, 0.2, TimeSpan.FromSeconds(4)) },
        ["no batches"] = faults => faults with { NoBatch = true },
        ["small batches"] = faults => faults with { MaxBatch = 3 },
    };

    public static IReadOnlyCollection<string> Names => Alone.Keys;

    public static FaultPlan One(string name, int seed) => FaultPlan.ForAll(_ => Alone[name](Usual)) with { Seed = seed };

    /// <summary>All of it, some at each system so that there is time for every kind.</summary>
    public static FaultPlan All(int seed) => FaultPlan.ForAll(leg => Usual with
    {
        TimeoutButDone = 0.01, ErrorButDone = 0.02, ErrorNotDone = 0.02, ResetBefore = 0.01, ResetAfter = 0.01, Garbage = 0.02, LateDone = 0.01, Slow = 0.02, Drip = 0.01, Unavailable = 0.01,
        TooManyRequests = 0.01, RetryAfterStyle = leg switch { Leg.Split => RetryAfterStyle.Missing, Leg.Tax => RetryAfterStyle.Absurd, _ => RetryAfterStyle.Seconds },
        ConflictOnRepeat = leg is Leg.Commission or Leg.Tax,
        MaxBatch = leg == Leg.Split ? 10 : 1000,
        ErrorSwing = leg == Leg.Verification ? new(0, 0.2, TimeSpan.FromSeconds(6)) : null,
        RateLimit = leg == Leg.Commission ? 300 : null,
        RateWindow = Window,
        RateLimitStyle = RateLimitStyle.IetfPolicy,
        Periods = [new(leg == Leg.Tax ? FaultKind.Unauthorized : FaultKind.ResetBefore, TimeSpan.FromSeconds(3 + 2 * (int)leg), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15))],
    }) with { Seed = seed };

    /// <summary>A little of it, and no budgets: for so many calls that even this is met often.</summary>
    public static FaultPlan Crowded(int seed) => FaultPlan.ForAll(leg => Usual with
    {
        TimeoutButDone = 0.0005, ErrorButDone = 0.002, ErrorNotDone = 0.002, ResetBefore = 0.001, ResetAfter = 0.001, Garbage = 0.001, LateDone = 0.001, Slow = 0.002, ReturnShare = 0.005,
        ConflictOnRepeat = leg is Leg.Commission or Leg.Tax,
    }) with { Seed = seed };

    /// <summary>Everybody behaves, and nothing more is undone.</summary>
    public static FaultPlan Over => FaultPlan.ForAll(_ => new() { InOrder = true });

    static SystemFaults Usual => new()
    {
        InOrder = true, ReturnShare = 0.05, ReturnAfter = TimeSpan.FromMilliseconds(300), SlowFor = TimeSpan.FromMilliseconds(300), HangFor = TimeSpan.FromSeconds(2), LateBy = TimeSpan.FromMilliseconds(300),
    };
}
