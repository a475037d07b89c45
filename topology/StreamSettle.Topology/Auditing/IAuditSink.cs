namespace StreamSettle.Topology.Auditing;

/// <summary>Where the audit's tasks bring facts: the event log, exactly once. One sink serves the tasks of one stream thread. The service's is Marten's, the driver's is in memory.</summary>
public interface IAuditSink
{
    /// <summary>Takes a record of <c>settlement-events</c>; may be one that the log has already.</summary>
    void Add(string topic, int partition, long offset, ReadOnlySpan<byte> record);

    /// <summary>Returns when everything added is in the event log, together with the positions. Waits while the database is away.</summary>
    void Flush();
}
