using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Testing;

/// <summary>A log that a <see cref="TopologyDriver"/> runs over: a test writes and reads beside the topology, and lets commits fail.</summary>
public interface IDrivenLog : IStreamLog
{
    /// <summary>Called before every commit is applied; what it throws happens instead of the commit. For tests of faults.</summary>
    Action<LogCommit>? BeforeCommit { get; set; }

    /// <summary>Called after every commit was applied, before its client hears of it; what it throws is as a death in between.</summary>
    Action<LogCommit>? AfterCommit { get; set; }

    /// <summary>Commits that were applied.</summary>
    long Commits { get; }

    /// <summary>Everything that was written has come to whoever reads it. Asked when a round had nothing to do; a log in memory gives at once what it has.</summary>
    bool IsQuiet => true;

    /// <summary>How long a round waits for records. Default: not at all.</summary>
    TimeSpan PollWait => TimeSpan.Zero;

    /// <summary>Appends records as a producer outside of the topology does; returns the offset of the first.</summary>
    long Append(TopicPartition partition, RecordBatch batch);

    /// <summary>Reads each record of a topic once, as committed.</summary>
    IOutputReader OpenOutput();

    /// <summary>The process that had it open ends; the next one finds what was committed.</summary>
    void Reopen()
    {
        // In memory nothing belongs to a process.
    }
}
