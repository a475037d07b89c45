using StreamSettle.App.Composition;
using StreamSettle.App.Projecting;
using StreamSettle.App.Reconciling.Scheduled;
using StreamSettle.App.Watching;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Runtime;

namespace StreamSettle.App.Running;

/// <summary>What the HTTP side sees of the service while it starts, runs and stops. Thread-safe.</summary>
sealed class ServiceHandle
{
    volatile SettlementService? service;
    volatile ServiceWatch? watch;
    volatile string? startWaits;
    volatile ScheduledReconcile? reconcile;
    volatile ProjectionRunner? projections;

    /// <summary>Null until it has started.</summary>
    public SettlementService? Service
    {
        get => service;
        set => service = value;
    }

    /// <summary>What the start waits for; null while it goes on.</summary>
    public string? StartWaits
    {
        get => startWaits;
        set => startWaits = value;
    }

    /// <summary>What is seen of the service; null until it has started.</summary>
    public ServiceWatch? Watch
    {
        get => watch;
        set => watch = value;
    }

    /// <summary>Compares by itself; null where it does not.</summary>
    public ScheduledReconcile? Reconcile
    {
        get => reconcile;
        set => reconcile = value;
    }

    /// <summary>Keeps projections; null where none are to run.</summary>
    public ProjectionRunner? Projections
    {
        get => projections;
        set => projections = value;
    }

    /// <summary>Why it is not ready; empty when it is: state restored, and the source read up to where it stands.</summary>
    /// <param name="metrics">Of this moment, where the caller has them; null to take them.</param>
    public IReadOnlyList<string> NotReady(StreamsMetrics? metrics = null) =>
        Around() is { } reason ? [reason] : [.. Storage(), .. Restore(metrics ?? service!.Streams.Metrics()), .. service!.Gate.Reasons()];

    IEnumerable<string> Storage()
    {
        var log = service!.Log;
        if (log.WriteFailure is { } failure)
        {
            yield return log is KafkaLog
                ? $"the cluster takes no commits: {failure}. Nothing is lost; it goes on by itself when its brokers do"
                : $"the state directory takes no commits: {failure}. Nothing is lost; it goes on by itself when the directory can be written";
        }

        if (log.ReadFailure is { } held)
        {
            yield return $"the cluster holds records back: {held}";
        }

        if (service.Messages.HeldBack is { } waiting)
        {
            yield return waiting;
        }
    }

    static IEnumerable<string> Restore(StreamsMetrics metrics) => RestoreProgress.Of(metrics) is { } restore ? [RestoreProgress.Text(restore)] : [];

    string? Around() => service is not { } running
        ? startWaits is { } what ? $"the service is starting, and waits: {what}" : "the service is starting"
        : running.Completion.IsCompleted
            ? "the service has stopped"
            : running.Streams.State == Streams.Runtime.StreamsState.Running ? null : $"the stream threads are {running.Streams.State}";
}
