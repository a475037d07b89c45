using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Follows <c>clock-progress</c> into this process's <see cref="ClockProgress"/>. What an earlier run reported says nothing about this one, so it is
/// passed over. Reports of this run count by its name, since a clock that was set back makes them look older; those of other instances by their time.
/// </summary>
sealed class ProgressFollower(ClockProgress progress, UtcInstant runStarted) : IProcessor<int, ProgressReport>
{
    public void Init(ProcessorContext context)
    {
    }

    public void Process(scoped in Record<int, ProgressReport> record)
    {
        if (record.Value.Wanted is { } wanted)
        {
            progress.Want(wanted);
        }

        if (record.Value.Through is { } through && (record.Value.Run == runStarted || record.TimestampMs * 1000 >= runStarted.Microseconds))
        {
            progress.Fired(record.Key, through);
        }
    }
}
