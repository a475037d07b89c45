using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Downstreams.Budgets;

namespace StreamSettle.Sandbox.Downstreams.Faults;

/// <summary>How all systems misbehave. By name of the system: <c>Verification</c>, <c>Split</c>, <c>Commission</c>, <c>Tax</c>, <c>TaxRefund</c>.</summary>
public sealed record FaultPlan
{
    /// <summary>The same seed and the same order of requests meet the same faults. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A system that is not named behaves well (at run time: stays as it is).</summary>
    public IReadOnlyDictionary<string, SystemFaults> Systems { get; init; } = new Dictionary<string, SystemFaults>();

    /// <summary>Everybody behaves.</summary>
    public static FaultPlan None { get; } = ForAll(_ => new());

    /// <summary>The demo's: a few of every kind, everything recovers within seconds.</summary>
    public static FaultPlan Gentle { get; } = ForAll(leg => new()
    {
        TimeoutButDone = 0.0002,
        ErrorButDone = 0.002,
        ErrorNotDone = 0.002,
        ResetBefore = 0.0005,
        ResetAfter = 0.0005,
        Garbage = 0.001,
        LateDone = 0.0005,
        Slow = 0.001,
        Unavailable = 0.0005,
        SlowFor = TimeSpan.FromMilliseconds(300),
        HangFor = TimeSpan.FromSeconds(3),
        RejectShare = leg == Leg.Tax ? 0.0002 : 0,
        ConflictOnRepeat = leg == Leg.Commission,
        RateLimit = leg == Leg.Commission ? 5000 : null,
        RateWindow = TimeSpan.FromSeconds(10),
    });

    /// <summary>For tests of endurance: several percent of everything, budgets in four languages, outages and lost credentials. Budgets hold for 10 s, which three of the languages cannot say: configure <c>RateWindow</c>.</summary>
    public static FaultPlan Nasty { get; } = ForAll(leg => new()
    {
        TimeoutButDone = 0.01,
        ErrorButDone = 0.03,
        ErrorNotDone = 0.03,
        ResetBefore = 0.02,
        ResetAfter = 0.02,
        Garbage = 0.03,
        LateDone = 0.02,
        Slow = 0.02,
        Unavailable = 0.02,
        TooManyRequests = 0.005,
        HangFor = TimeSpan.FromSeconds(15),
        RejectShare = 0.002,
        ConflictOnRepeat = leg is Leg.Commission or Leg.Tax,
        NoBatch = leg == Leg.TaxRefund,
        MaxBatch = leg == Leg.Split ? 50 : 1000,
        RateLimit = leg == Leg.Verification ? null : 2000,
        RateWindow = TimeSpan.FromSeconds(10),
        RateLimitStyle = leg switch { Leg.Split => RateLimitStyle.XSeconds, Leg.Commission => RateLimitStyle.Ietf, Leg.Tax => RateLimitStyle.XEpoch, _ => RateLimitStyle.IetfPolicy },
        Periods =
        [
            new(leg == Leg.Tax ? FaultKind.Unauthorized : FaultKind.ResetBefore, TimeSpan.FromSeconds(5 + 3 * (int)leg), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(60)),
        ],
    });

    /// <summary>The plan of a preset's name: none, gentle, nasty.</summary>
    /// <exception cref="UserMistakeException">There is no such preset.</exception>
    public static FaultPlan Preset(string name) => name.ToUpperInvariant() switch
    {
        "NONE" => None,
        "GENTLE" => Gentle,
        "NASTY" => Nasty,
        _ => throw new UserMistakeException($"there is no preset of faults named '{name}'; there are none, gentle and nasty"),
    };

    /// <summary>One plan, a system's faults by its leg.</summary>
    public static FaultPlan ForAll(Func<Leg, SystemFaults> faults) => new() { Systems = DownstreamNames.Legs.ToDictionary(leg => leg.ToString(), faults) };

    /// <summary>The same plan with one system's faults changed.</summary>
    public FaultPlan With(Leg leg, SystemFaults faults) => this with { Systems = new Dictionary<string, SystemFaults>(Systems) { [leg.ToString()] = faults } };

    /// <summary>One message for each rule that is broken; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section) => Systems.SelectMany(system =>
        DownstreamNames.Legs.Any(leg => leg.ToString() == system.Key)
            ? system.Value.Problems($"{section}:{system.Key}")
            : [$"{section}:{system.Key} is no system; there are {string.Join(", ", DownstreamNames.Legs)}."]);
}
