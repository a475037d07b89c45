using StreamSettle.Delivery.Breakers;
using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Watching;

/// <summary>Whether a downstream system does what it should.</summary>
enum SystemState
{
    Well,

    /// <summary>Nothing goes to it for long, as its answers asked.</summary>
    Paused,

    /// <summary>More of its answers are errors than the breaker allows: key accounts go on, the others wait.</summary>
    Degraded,

    /// <summary>Nothing but errors comes from it: it gets one probe at a time.</summary>
    Away,

    /// <summary>It answers 401.</summary>
    RefusesUs,
}

/// <summary>Judges a downstream system by what its channel says. Pure.</summary>
static class SystemStates
{
    /// <summary>A shorter pause is what budgets are made of.</summary>
    public static readonly TimeSpan LongPause = TimeSpan.FromMinutes(1);

    public static SystemSight Of(ChannelStatus status, UtcInstant now)
    {
        var (state, breaker) = (Judge(status, now), status.Breaker);
        var text = state switch
        {
            SystemState.RefusesUs => "refuses our credentials",
            SystemState.Degraded => $"degraded since {breaker.Since}: {breaker.Reason}; key accounts go on, the others wait, next probe {breaker.NextProbeAt}",
            SystemState.Away => $"away, degraded since {breaker.Since}: {breaker.Reason}; all calls wait, next probe {breaker.NextProbeAt}",
            SystemState.Well or SystemState.Paused => status.WaitsUntil is { } until ? $"paused until {until}, as its answers asked" : "ok",
            _ => throw new BrokenInvariantException($"unknown state of a system {state}"),
        };
        return status.OrderBreach is { } breach ? new(state, $"{text}; one call of a merchant at a time until the next start, since it did not keep its order: {breach}", KeepsOrder: false) : new(state, text);
    }

    static SystemState Judge(ChannelStatus status, UtcInstant now) => status switch
    {
        { Health: ChannelHealth.CredentialsRefused } => SystemState.RefusesUs,
        { Breaker.Mode: BreakerMode.Away } => SystemState.Away,
        { Breaker.Mode: BreakerMode.Degraded } => SystemState.Degraded,
        { WaitsUntil: { } until } when until - now > LongPause => SystemState.Paused,
        _ => SystemState.Well,
    };
}
