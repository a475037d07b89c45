using StreamSettle.Audit.EventLog;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>The event log of the bench, which fails where two facts have one id: the real one would leave the second out.</summary>
sealed class CollectedFacts : IEventLog
{
    static readonly Guid Identity = new(7, 0, 0, new byte[8]);

    readonly TimeProvider time;
    MemoryEventLog log;
    readonly Dictionary<long, List<SettlementEvent>> streams = [];
    readonly HashSet<Guid> ids = [];

    public CollectedFacts(TimeProvider time)
    {
        this.time = time;
        log = New(time);
    }

    /// <summary>The sink of one life of the process.</summary>
    public AuditSink Sink() => new(this, Identity, time, CancellationToken.None);

    public IReadOnlyList<SettlementEvent> Of(long order) => streams.GetValueOrDefault(order) ?? [];

    public IEnumerable<long> Orders => streams.Keys.Order();

    public Task<AppendResult> AppendAsync(EventBatch batch, CancellationToken stop)
    {
        foreach (var entry in batch.Entries)
        {
            var happened = batch.Record(entry);
            if (!ids.Add(happened.Id))
            {
                throw new InvalidOperationException($"order {happened.OrderId}: a second {happened.Kind} has the cause of the first, the log would drop it: {happened.Event()}");
            }

            if (!streams.TryGetValue(happened.OrderId.Value, out var stream))
            {
                streams[happened.OrderId.Value] = stream = [];
            }

            stream.Add(happened.Event());
        }

        return log.AppendAsync(batch, stop);
    }

    /// <summary>Another log feeds it from now on, whose positions begin at the start; the facts stay.</summary>
    public void BeginAnew() => log = New(time);

    /// <summary>The last facts of an order were established, and lost before the event log had them.</summary>
    public void Lose(long order, int facts)
    {
        var stream = streams[order];
        foreach (var lost in stream[^facts..])
        {
            ids.Remove(EventIds.Derive(new(order), Enum.Parse<EventKind>(lost.GetType().Name), lost.Cause));
        }

        stream.RemoveRange(stream.Count - facts, facts);
        if (stream.Count == 0)
        {
            streams.Remove(order);
        }
    }

    public Task<EventLogState> OpenAsync(CancellationToken stop) => log.OpenAsync(stop);

    public Task<RegisterLogResult> RegisterLogAsync(LogRegistration registration, CancellationToken stop) => log.RegisterLogAsync(registration, stop);

    public Task WithdrawLogAsync(Guid logIdentity, CancellationToken stop) => log.WithdrawLogAsync(logIdentity, stop);

    public Task<IReadOnlyDictionary<SourcePartition, long>> ReadPositionsAsync(Guid logIdentity, CancellationToken stop) => log.ReadPositionsAsync(logIdentity, stop);

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(OrderId order, CancellationToken stop) => log.ReadStreamAsync(order, stop);

    public Task<EventLogCounts> CountsAsync(CancellationToken stop) => log.CountsAsync(stop);

    static MemoryEventLog New(TimeProvider time)
    {
        var log = new MemoryEventLog(time);
        log.RegisterLogAsync(new(Identity), CancellationToken.None).GetAwaiter().GetResult();
        return log;
    }
}
