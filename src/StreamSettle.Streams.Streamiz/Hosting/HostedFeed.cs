using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>What was read of one owned partition: what waits for its task to run, how much Streamiz was handed, and the gaps behind it.</summary>
sealed class HostedFeed
{
    /// <summary>Streamiz drops records dated before the epoch, and fails at the year 10000.</summary>
    const long TimestampMaxMs = 253_402_300_799_999;

    readonly Queue<HostedRecord> waiting = new();
    readonly Queue<long> handedOver = new();
    readonly Dictionary<long, long> oddTimestamps = [];
    long lastRead = -1;
    long passed;

    /// <summary>The task of it runs: nothing is handed over before.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The partition is somebody else's, or will be read anew.</summary>
    public bool IsDropped { get; set; }

    public bool IsPaused { get; set; }

    public int Waiting => waiting.Count;

    /// <summary>Nothing waits here or in Streamiz.</summary>
    public bool IsEmpty => waiting.Count + handedOver.Count == 0;

    /// <summary>Streamiz gets a timestamp that it can take; the record's own is kept for the task.</summary>
    public void Add(HostedRecord record, Queue<(HostedFeed Feed, HostedRecord Record)> ready)
    {
        lastRead = Math.Max(lastRead, record.Offset);
        if (record.TimestampMs is < 0 or > TimestampMaxMs)
        {
            oddTimestamps[record.Offset] = record.TimestampMs;
            record = record with { TimestampMs = Math.Clamp(record.TimestampMs, 0, TimestampMaxMs) };
        }

        if (IsOpen)
        {
            ready.Enqueue((this, record));
        }
        else
        {
            waiting.Enqueue(record);
        }
    }

    public void Open(Queue<(HostedFeed Feed, HostedRecord Record)> ready)
    {
        IsOpen = true;
        while (waiting.TryDequeue(out var record))
        {
            ready.Enqueue((this, record));
        }
    }

    /// <summary>Streamiz has it now.</summary>
    public void HandedOver(HostedRecord record) => handedOver.Enqueue(record.Offset);

    /// <summary>
    /// Whether it is the next of those that Streamiz has from here. Another one is from before the partition was given up and came again: it would be processed before those that lie between.
    /// </summary>
    public bool IsNext(HostedRecord record) => handedOver.TryPeek(out var next) && next == record.Offset && handedOver.TryDequeue(out _);

    /// <summary>The record's own.</summary>
    public long TimestampOf(HostedRecord record) => oddTimestamps.Count > 0 && oddTimestamps.Remove(record.Offset, out var own) ? own : record.TimestampMs;

    /// <summary>There is nothing below but what was added.</summary>
    public void Pass(long next) => passed = next;

    /// <summary>Moves the task's position over gaps, once it has processed all that was read before them.</summary>
    public void PassGaps(RecordQueue queue)
    {
        if (passed > queue.Position && queue.Position > lastRead)
        {
            queue.Pass(passed);
        }
    }
}
