namespace StreamSettle.Streams.Runtime;

/// <summary>The states of an application, as Kafka Streams names them.</summary>
public enum StreamsState
{
    Created,

    /// <summary>Started; not every thread has its tasks yet.</summary>
    Rebalancing,
    Running,

    /// <summary>A thread failed; the others are stopping.</summary>
    PendingError,

    /// <summary>Stopped by a failure.</summary>
    Error,
    PendingShutdown,

    /// <summary>Stopped in good order, everything committed.</summary>
    NotRunning,
}
