using System.Globalization;
using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Watching;

/// <summary>Whether a downstream system does what it should.</summary>
enum SystemState
{
    Well,

    /// <summary>Nothing goes to it for long, as its answers asked.</summary>
    Paused,

    /// <summary>More of its answers are errors than the breaker allows (contract, degraded mode).</summary>
    Failing,

    /// <summary>Most of its answers are errors.</summary>
    Down,

    /// <summary>It answers 401.</summary>
    RefusesUs,
}

/// <summary>Judges a downstream system by the errors of its last minute. Pure.</summary>
static class SystemStates
{
    /// <summary>Above it a system is degraded (contract).</summary>
    public const double ErrorRate = 0.1;

    /// <summary>Below it a degraded system is well again (contract).</summary>
    public const double RecoveredRate = 0.05;

    /// <summary>From here on little gets through.</summary>
    public const double DownRate = 0.5;

    /// <summary>A shorter pause is what budgets are made of.</summary>
    public static readonly TimeSpan LongPause = TimeSpan.FromMinutes(1);

    /// <param name="before">What it was: who failed has to do better than who did not.</param>
    public static SystemSight Of(SystemState before, ChannelStatus status, UtcInstant now)
    {
        var state = Judge(before, status, now);
        return new(state, state switch
        {
            SystemState.RefusesUs => "refuses our credentials",
            SystemState.Failing or SystemState.Down => string.Create(CultureInfo.InvariantCulture, $"failing: {status.Rates.WindowErrorRatio * 100:F1} % errors in the last minute"),
            _ => status.WaitsUntil is { } until ? $"paused until {until}, as its answers asked" : "ok",
        });
    }

    static SystemState Judge(SystemState before, ChannelStatus status, UtcInstant now) => status switch
    {
        { Health: ChannelHealth.CredentialsRefused } => SystemState.RefusesUs,
        { Rates.WindowErrorRatio: >= DownRate } => SystemState.Down,
        { Rates.WindowErrorRatio: > ErrorRate } => SystemState.Failing,
        { Rates.WindowErrorRatio: >= RecoveredRate } when before is SystemState.Failing or SystemState.Down => SystemState.Failing,
        { WaitsUntil: { } until } when until - now > LongPause => SystemState.Paused,
        _ => SystemState.Well,
    };
}
