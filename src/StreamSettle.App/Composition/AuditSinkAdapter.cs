using StreamSettle.Audit.EventLog;
using StreamSettle.Topology.Auditing;

namespace StreamSettle.App.Composition;

/// <summary>Brings the audit's tasks to the event log. Opened on the audit's own thread, where waiting for the database holds up nobody.</summary>
sealed class AuditSinkAdapter(IEventLog eventLog, Guid logIdentity, TimeProvider time, CancellationToken stop) : IAuditSink
{
    volatile AuditSink? sink;

    /// <summary>How the event log is reached; null before the first fact.</summary>
    public SinkStatus? Status => sink?.Status;

    public void Add(string topic, int partition, long offset, ReadOnlySpan<byte> record)
    {
        sink ??= AuditSink.Open(eventLog, logIdentity, time, stop);
        sink.Add(topic, partition, offset, record);
    }

    public void Flush() => sink?.Flush(stop);
}
