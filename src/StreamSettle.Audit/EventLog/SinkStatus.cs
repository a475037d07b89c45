using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.EventLog;

/// <summary>How the sink stands, for health and dashboard.</summary>
/// <param name="LagEvents">Events that are taken from the topic but not in the event log yet.</param>
public abstract record SinkStatus(int LagEvents)
{
    /// <summary>The last append succeeded.</summary>
    public sealed record Ok(int LagEvents) : SinkStatus(LagEvents);

    /// <summary>The event log is away; the sink tries again until it is back, and its stream thread stands still meanwhile.</summary>
    /// <param name="Since">The first failure in a row.</param>
    /// <param name="Reason">The last failure.</param>
    public sealed record Waiting(UtcInstant Since, string Reason, int LagEvents) : SinkStatus(LagEvents);
}
