using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Follows <c>source-progress</c>, and tells the gate what of the source is in the log. It keeps nothing: only what was asked in this run, by this clock, says how
/// young that is.
/// </summary>
sealed class SourceFollower(FiringGate gate, string run) : IProcessor<ReadOnlySpan<byte>, SourceProgress>
{
    public void Init(ProcessorContext context)
    {
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, SourceProgress> record)
    {
        if (record.Value.Run == run)
        {
            gate.SourceRead(new(record.Value.At, record.Value.Ends) { WholeEnds = record.Value.WholeEnds });
        }
    }
}
