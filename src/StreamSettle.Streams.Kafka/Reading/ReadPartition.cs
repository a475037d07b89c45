using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>A partition that a reader reads. Written by the reader's thread, read by any.</summary>
/// <param name="target">Null for who polls.</param>
internal sealed class ReadPartition(TopicPartition partition, long next, IRecordTarget? target) : IKnownEnd
{
    long next = next;
    long knownEnd = next + 1;
    long metEnd = -1;
    long undecidedAt;
    long? undecidedSince;

    public TopicPartition Partition { get; } = partition;

    public IRecordTarget? Target { get; } = target;

    /// <summary>Everything below was read, or is no record.</summary>
    public long Next => Volatile.Read(ref next);

    /// <summary>As of the last fetch: where it met the end; else the high watermark. Before the first answer there may be more.</summary>
    public long KnownEnd => Volatile.Read(ref knownEnd);

    /// <param name="highWatermark">Negative where it is not known.</param>
    public void Read(long nextOffset, long highWatermark)
    {
        Volatile.Write(ref next, nextOffset);
        Volatile.Write(ref knownEnd, Math.Max(nextOffset, highWatermark));
    }

    /// <summary>Since which timestamp it has stood where the last decided transaction ends, though the log goes on; null where it does not.</summary>
    public long? UndecidedSince(long highWatermark, long now)
    {
        if (metEnd != next || highWatermark <= next)
        {
            undecidedSince = null;
        }
        else if (undecidedSince is null || undecidedAt != next)
        {
            (undecidedSince, undecidedAt) = (now, next);
        }

        return undecidedSince;
    }

    public void MeetEnd(long offset)
    {
        metEnd = offset;
        Volatile.Write(ref next, Math.Max(next, offset));
        Volatile.Write(ref knownEnd, Math.Max(next, offset));
    }
}
