using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Follows <c>clock-progress</c> into this process's <see cref="ClockProgress"/>. What another run reported says nothing about what this one has read, so it is
/// passed over, whatever the clock said then.
/// </summary>
sealed class ProgressFollower(ClockProgress progress, Guid run) : IProcessor<int, ProgressReport>
{
    public void Init(ProcessorContext context)
    {
    }

    public void Process(scoped in Record<int, ProgressReport> record)
    {
        if (record.Value.Requested is { } requested)
        {
            progress.Request(requested);
        }

        if (record.Value.Through is { } through && record.Value.Run == run)
        {
            progress.Fired(record.Key, through, record.Value.ProvenEnd, record.Value.Epoch);
        }
    }
}
