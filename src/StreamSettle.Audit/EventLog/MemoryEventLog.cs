using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.EventLog;

/// <summary>The event log in memory, with the behaviour of the real one: for driver tests and simulation.</summary>
public sealed class MemoryEventLog(TimeProvider time) : IEventLog
{
    readonly Lock gate = new();
    readonly Dictionary<OrderId, List<StoredEvent>> streams = [];
    readonly Dictionary<SourcePartition, long> positions = [];
    (LogRegistration Log, UtcInstant Since)? owner;
    long sequence;

    public Task<EventLogState> OpenAsync(CancellationToken stop)
    {
        lock (gate)
        {
            return Task.FromResult(new EventLogState(sequence == 0, owner?.Log));
        }
    }

    public Task<RegisterLogResult> RegisterLogAsync(LogRegistration log, CancellationToken stop)
    {
        lock (gate)
        {
            return Task.FromResult(Register(log));
        }
    }

    public Task WithdrawLogAsync(Guid logIdentity, CancellationToken stop)
    {
        lock (gate)
        {
            owner = owner?.Log.Identity == logIdentity && sequence == 0 ? null : owner;
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyDictionary<SourcePartition, long>> ReadPositionsAsync(Guid logIdentity, CancellationToken stop)
    {
        lock (gate)
        {
            var own = owner?.Log.Identity == logIdentity ? new Dictionary<SourcePartition, long>(positions) : [];
            return Task.FromResult<IReadOnlyDictionary<SourcePartition, long>>(own);
        }
    }

    public Task<AppendResult> AppendAsync(EventBatch batch, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (owner?.Log.Identity != batch.LogIdentity)
            {
                throw new UserMistakeException(NotRegistered.Message(batch.LogIdentity));
            }

            var appended = batch.Entries.Count(entry => Append(batch, entry));
            var next = new Dictionary<SourcePartition, long>();
            for (var i = 0; i < batch.Sources.Count; i++)
            {
                next[batch.Sources[i]] = Math.Max(positions.GetValueOrDefault(batch.Sources[i]), batch.NextOffsets[i]);
            }

            foreach (var (source, offset) in next)
            {
                positions[source] = offset;
            }

            return Task.FromResult(new AppendResult(appended, batch.Entries.Count - appended, next));
        }
    }

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(OrderId order, CancellationToken stop)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<StoredEvent>>(streams.TryGetValue(order, out var stream) ? [.. stream] : []);
        }
    }

    public Task<EventLogCounts> CountsAsync(CancellationToken stop)
    {
        lock (gate)
        {
            return Task.FromResult(new EventLogCounts(sequence, streams.Count));
        }
    }

    RegisterLogResult Register(LogRegistration log)
    {
        if (owner is { } known && known.Log.Identity == log.Identity)
        {
            return new RegisterLogResult.Known();
        }

        if (owner is { } other)
        {
            return new RegisterLogResult.OtherLog(other.Log, other.Since);
        }

        if (sequence > 0)
        {
            return new RegisterLogResult.UnownedEvents();
        }

        owner = (log, UtcInstant.Now(time));
        positions.Clear();
        return new RegisterLogResult.Registered();
    }

    bool Append(EventBatch batch, BatchEntry entry)
    {
        var stream = streams.GetValueOrDefault(entry.Order);
        if (entry.Offset < positions.GetValueOrDefault(batch.Sources[entry.Source]) || stream?.Exists(stored => stored.Id == entry.Id) == true)
        {
            return false;
        }

        if (stream is null)
        {
            streams[entry.Order] = stream = [];
        }

        var record = batch.Record(entry);
        stream.Add(new(
            ++sequence, stream.Count + 1, Events.EventKinds.Alias(entry.Kind), entry.Id,
            System.Text.Encoding.UTF8.GetString(record.Cause), System.Text.Encoding.UTF8.GetString(record.Json), UtcInstant.Now(time)));
        return true;
    }
}
