using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;

namespace StreamSettle.Topology.Clock;

/// <summary>Follows <c>clock-progress</c> into this process's <see cref="ClockProgress"/>. What an earlier run reported says nothing about this one, so it is passed over.</summary>
sealed class ProgressFollower(ClockProgress progress, UtcInstant runStarted) : IProcessor<int, ProgressReport>
{
    public void Init(ProcessorContext context)
    {
    }

    public void Process(scoped in Record<int, ProgressReport> record)
    {
        if (record.TimestampMs * 1000 < runStarted.Microseconds)
        {
            return;
        }

        if (record.Value.Wanted is { } wanted)
        {
            progress.Want(wanted);
        }

        if (record.Value.Through is { } through)
        {
            progress.Fired(record.Key, through);
        }
    }
}
