using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.EventLog;

/// <summary>The event log: every order's events, and how far each source partition has been written to it. Safe for concurrent callers and processes.</summary>
/// <exception cref="EnvironmentFailedException">Every call, while the log cannot be reached; whether it took effect may be unknown, and repeating it is safe.</exception>
/// <exception cref="UserMistakeException">
/// Every call, when credentials, rights, database or schema are wrong; the message says what to do. Once a log was registered through this object they were right,
/// and what is wrong with them later is something that passes: <see cref="EnvironmentFailedException"/>.
/// </exception>
public interface IEventLog
{
    /// <summary>Creates or migrates the schema where something is missing, and reads what stands in the log.</summary>
    Task<EventLogState> OpenAsync(CancellationToken stop);

    /// <summary>
    /// Ties the event log to the log that feeds it, unless another one has it: that one may be running, whether it has written anything yet or not.
    /// Of two that come at once one gets it.
    /// </summary>
    Task<RegisterLogResult> RegisterLogAsync(LogRegistration log, CancellationToken stop);

    /// <summary>Undoes a registration whose start failed; one that events have been written under stays.</summary>
    Task WithdrawLogAsync(Guid logIdentity, CancellationToken stop);

    /// <summary>The next offset of each source partition that was written so far.</summary>
    Task<IReadOnlyDictionary<SourcePartition, long>> ReadPositionsAsync(Guid logIdentity, CancellationToken stop);

    /// <summary>
    /// Appends the batch's events and moves the positions, both or neither. What lies below the stored positions, or has an id that its stream has already,
    /// is left out: a repeated, doubled or raced append adds nothing (I8).
    /// </summary>
    /// <exception cref="UserMistakeException">The batch's log is not the one that was registered.</exception>
    Task<AppendResult> AppendAsync(EventBatch batch, CancellationToken stop);

    /// <summary>An order's events by version; empty when there is none.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(OrderId order, CancellationToken stop);

    /// <summary>Costs the same at any size of the log.</summary>
    Task<EventLogCounts> CountsAsync(CancellationToken stop);
}
