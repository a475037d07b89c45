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

    /// <summary>Why it is not ready; empty when it is: state restored, and the source read up to where it stands.</summary>
    public IReadOnlyList<string> NotReady() => Around() is { } reason ? [reason] : service!.Gate.Reasons();

    /// <summary>As <see cref="NotReady"/>, but the same as long as the reasons are of the same kinds, while their texts count on.</summary>
    public string? NotReadyKind() => Around() ?? (service!.Gate.Closed() is { Count: > 0 } closed ? string.Join(' ', closed.Select(reason => reason.Kind)) : null);

    string? Around() => service is not { } running
        ? "the service is starting"
        : running.Completion.IsCompleted
            ? "the service has stopped"
            : running.Streams.State == Streams.Runtime.StreamsState.Running ? null : $"the stream threads are {running.Streams.State}";
}
