using StreamSettle.Connectors.Embedded;

namespace StreamSettle.Connectors;

/// <summary>Whoever brings the shop's changes into the log, or knows how far they have come: capture inside the service, or Debezium on Kafka Connect.</summary>
public interface ICdcSource
{
    /// <summary>What the source is doing. Safe from any thread.</summary>
    CdcStatus Status { get; }

    /// <summary>Raised on one of the source's threads when <see cref="Status"/> changes.</summary>
    event Action<CdcStatus>? StatusChanged;

    /// <summary>Runs until it is stopped. A lost connection is retried for ever; <see cref="Status"/> shows it.</summary>
    /// <exception cref="Kernel.Failures.UserMistakeException">The source is not as it must be; the message says what to do.</exception>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">The source could not be reached at the start, or fails in a way that does not pass.</exception>
    Task RunAsync(CancellationToken stop);
}
