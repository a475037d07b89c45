using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>A few faults of every kind, with hang times that a short test can afford.</summary>
static class GentleFaults
{
    public static FaultPlan Plan(int seed) => FaultPlan.ForAll(leg => new()
    {
        TimeoutButDone = 0.002,
        ErrorButDone = 0.004,
        ErrorNotDone = 0.004,
        ResetBefore = 0.002,
        ResetAfter = 0.002,
        Garbage = 0.003,
        LateDone = 0.002,
        Slow = 0.005,
        Unavailable = 0.001,
        SlowFor = TimeSpan.FromMilliseconds(200),
        HangFor = TimeSpan.FromSeconds(2),
        LateBy = TimeSpan.FromMilliseconds(300),
        ConflictOnRepeat = leg == Leg.Commission,
    }) with { Seed = seed };
}
