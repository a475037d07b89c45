using System.Buffers.Binary;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Tasks;

/// <summary>Fetched, not yet processed records of one partition, as slices of the fetched buffers.</summary>
/// <param name="knownEnd">See <see cref="IStreamLog.KnownEnd"/>.</param>
sealed class RecordQueue(TopicPartition partition, SourceNode source, long position, Func<long> knownEnd)
{
    readonly Queue<(FetchBuffer Buffer, FetchedBatch Batch)> waiting = new();
    FetchBuffer? current;
    int at;
    int end;
    long nextOffset;
    long passed;
    bool caughtUp;
    (int At, long Position, bool HasConsumed) beforeTake;

    public TopicPartition Partition { get; } = partition;

    public SourceNode Source { get; } = source;

    /// <summary>Everything below is processed, or is no record.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Records were processed since the last commit. A gap that was passed needs no commit of its own.</summary>
    public bool HasConsumed { get; set; }

    public bool HasNext => current is not null;

    /// <summary>Timestamp of the next record, ms; valid when there is one.</summary>
    public long HeadTimestampMs { get; private set; }

    /// <summary>Records that were fetched and not yet processed.</summary>
    public int Buffered { get; private set; }

    public bool IsPaused { get; set; }

    public void Add(FetchBuffer buffer, FetchedBatch batch)
    {
        buffer.Retain();
        waiting.Enqueue((buffer, batch));
        Buffered += batch.Count;
        if (current is null)
        {
            OpenNextBatch();
        }
    }

    /// <summary>There are no records below but those that were added.</summary>
    public void Pass(long next)
    {
        passed = next;
        PassGap();
    }

    /// <summary>Whether nothing more than what was processed is known of; looked up once a poll.</summary>
    public bool IsCaughtUp => caughtUp || (caughtUp = Position >= knownEnd());

    public void ForgetCaughtUp() => caughtUp = false;

    /// <summary>Takes the next record; its spans are valid until <see cref="MoveNext"/>.</summary>
    public RawRecord Take(out long offset)
    {
        var rest = current!.Bytes[at..end];
        if (!RecordBatch.TryReadNext(ref rest, out var record))
        {
            throw new CorruptStateException($"{Partition}: a batch ends before its last record, offset {nextOffset}");
        }

        beforeTake = (at, Position, HasConsumed);
        at = end - rest.Length;
        offset = nextOffset++;
        Buffered--;
        Position = nextOffset;
        HasConsumed = true;
        return record;
    }

    /// <summary>Takes back the taking of the last record, instead of <see cref="MoveNext"/>: it is the next one again.</summary>
    public void PutBack()
    {
        (at, Position, HasConsumed) = beforeTake;
        nextOffset--;
        Buffered++;
    }

    /// <summary>Goes on to the next record, giving back a buffer that is used up.</summary>
    public void MoveNext()
    {
        if (at < end)
        {
            ReadHead();
            return;
        }

        current!.Release();
        current = null;
        OpenNextBatch();
    }

    /// <summary>Drops what was fetched.</summary>
    public void Close()
    {
        current?.Release();
        current = null;
        while (waiting.TryDequeue(out var next))
        {
            next.Buffer.Release();
        }

        Buffered = 0;
    }

    void OpenNextBatch()
    {
        while (current is null && waiting.TryDequeue(out var next))
        {
            current = next.Buffer;
            at = next.Batch.Start;
            end = at + next.Batch.Length;
            nextOffset = next.Batch.BaseOffset;
            SkipProcessed();
            if (at >= end)
            {
                current.Release();
                current = null;
            }
            else
            {
                ReadHead();
            }
        }

        PassGap();
    }

    void PassGap()
    {
        if (current is null)
        {
            Position = Math.Max(Position, passed);
        }
    }

    // A client may deliver again from the start of a batch that holds the committed position.
    void SkipProcessed()
    {
        while (at < end && nextOffset < Position)
        {
            at += sizeof(int) + BinaryPrimitives.ReadInt32BigEndian(current!.Bytes[at..]);
            nextOffset++;
            Buffered--;
        }
    }

    void ReadHead() => HeadTimestampMs = BinaryPrimitives.ReadInt64BigEndian(current!.Bytes[(at + sizeof(int))..]);
}
