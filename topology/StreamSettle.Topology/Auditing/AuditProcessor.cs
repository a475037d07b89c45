using StreamSettle.Audit.EventLog;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;

namespace StreamSettle.Topology.Auditing;

/// <summary>The sub-topology <c>audit</c>: facts into the event log. The log's own positions decide what is new, so a replay adds nothing (I8).</summary>
sealed class AuditProcessor(AuditSink sink) : IProcessor<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
{
    ProcessorContext context = null!;

    public void Init(ProcessorContext context) => this.context = context;

    public void Process(scoped in Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> record)
    {
        var at = context.Metadata;
        sink.Add(at.Topic!, at.Partition, at.Offset, record.Value);
    }

    public void BeforeCommit() => sink.Flush();
}
