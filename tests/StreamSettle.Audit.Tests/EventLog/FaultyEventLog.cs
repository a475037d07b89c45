using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Tests.EventLog;

/// <summary>An event log that can be away, or lose its answer after the commit.</summary>
sealed class FaultyEventLog(IEventLog inner) : IEventLog
{
    volatile string? away;

    public string? Away
    {
        get => away;
        set => away = value;
    }

    public bool FailAfterNextAppend { get; set; }

    public int Appends { get; private set; }

    public Task<EventLogState> OpenAsync(CancellationToken stop) => inner.OpenAsync(stop);

    public Task<RegisterLogResult> RegisterLogAsync(LogRegistration log, CancellationToken stop) => inner.RegisterLogAsync(log, stop);

    public Task WithdrawLogAsync(Guid logIdentity, CancellationToken stop) => inner.WithdrawLogAsync(logIdentity, stop);

    public Task<IReadOnlyDictionary<SourcePartition, long>> ReadPositionsAsync(Guid logIdentity, CancellationToken stop) =>
        Away is { } reason ? throw new EnvironmentFailedException(reason) : inner.ReadPositionsAsync(logIdentity, stop);

    public async Task<AppendResult> AppendAsync(EventBatch batch, CancellationToken stop)
    {
        Appends++;
        if (Away is { } reason)
        {
            throw new EnvironmentFailedException(reason);
        }

        var result = await inner.AppendAsync(batch, stop);
        if (FailAfterNextAppend)
        {
            FailAfterNextAppend = false;
            throw new EnvironmentFailedException("the connection broke before the answer came");
        }

        return result;
    }

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(OrderId order, CancellationToken stop) => inner.ReadStreamAsync(order, stop);

    public Task<EventLogCounts> CountsAsync(CancellationToken stop) => inner.CountsAsync(stop);
}
