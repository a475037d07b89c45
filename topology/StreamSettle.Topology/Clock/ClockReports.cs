using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;

namespace StreamSettle.Topology.Clock;

/// <summary>What a clock task reports of itself. One a task: what those before it reported is over when it begins.</summary>
sealed class ClockReports
{
    readonly ProcessorContext context;
    readonly ClockAssignment assignment;
    readonly ClockProgress progress;
    readonly TimeSpan interval;
    readonly Output<int, ClockReport> reports;

    /// <param name="interval">Between two punctuations.</param>
    public ClockReports(ProcessorContext context, ClockAssignment assignment, ClockProgress progress, TimeSpan interval)
    {
        (this.context, this.assignment, this.progress, this.interval) = (context, assignment, progress, interval);
        reports = context.Output<int, ClockReport>(ClockNodes.Progress);
        progress.Begin(context.Task.Partition, assignment.Number);
    }

    /// <summary>
    /// A clock task of this process fires now, or did at the punctuation before: the others report with it, so that what it fires waits for no request and no further
    /// punctuation of theirs.
    /// </summary>
    public bool AreDue(int fired)
    {
        if (fired > 0)
        {
            progress.Fires(context.MonotonicTime);
        }

        return progress.HasFiredSince(context.MonotonicTime - interval * 1.5);
    }

    /// <summary>All orders with a mark up to here were handed over.</summary>
    public void Fired(long provenEnd, UtcInstant through, UtcInstant? last) => Forward(new ClockReport.Fired(assignment.Number, provenEnd, through, last));

    /// <summary>Says in the task's first commit that it has begun.</summary>
    public void BeforeCommit()
    {
        if (assignment.Keep())
        {
            Forward(new ClockReport.Began(assignment.Number));
        }
    }

    void Forward(ClockReport report) =>
        reports.Forward(new() { Key = context.Task.Partition, Value = report, TimestampMs = context.SystemTime.Microseconds / 1000 });
}
