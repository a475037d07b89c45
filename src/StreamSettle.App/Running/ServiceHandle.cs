using StreamSettle.App.Composition;

namespace StreamSettle.App.Running;

/// <summary>What the HTTP side sees of the service while it starts, runs and stops. Thread-safe.</summary>
sealed class ServiceHandle
{
    volatile SettlementService? service;

    /// <summary>Null until it has started.</summary>
    public SettlementService? Service
    {
        get => service;
        set => service = value;
    }

    /// <summary>Why it is not ready; empty when it is: state restored, and the source read up to where it stood at the start.</summary>
    public IReadOnlyList<string> NotReady() => service is not { } running
        ? ["the service is starting"]
        : running.Completion.IsCompleted
            ? ["the service has stopped"]
            : running.Streams.State == Streams.Runtime.StreamsState.Running ? running.Gate.Reasons() : [$"the stream threads are {running.Streams.State}"];
}
