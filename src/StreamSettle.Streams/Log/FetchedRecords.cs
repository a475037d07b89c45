using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Streams.Log;

/// <summary>What one poll brought: slices of record batches. Reused: the buffers stay.</summary>
public sealed class FetchedRecords
{
    readonly ByteBuffer bytes = new(64 * 1024);
    readonly List<FetchedBatch> batches = [];

    public IReadOnlyList<FetchedBatch> Batches => batches;

    /// <summary>Records in all batches.</summary>
    public int Count { get; private set; }

    public void Clear()
    {
        bytes.Clear();
        batches.Clear();
        Count = 0;
    }

    /// <summary>Copies framed records (see <see cref="RecordBatch"/>) of one partition.</summary>
    public void Add(TopicPartition partition, long baseOffset, int count, ReadOnlySpan<byte> framed)
    {
        batches.Add(new(partition, baseOffset, count, bytes.Length, framed.Length));
        bytes.Write(framed);
        Count += count;
    }

    /// <summary>The framed records of a batch.</summary>
    public ReadOnlySpan<byte> BytesOf(FetchedBatch batch) => bytes.Written.Slice(batch.Start, batch.Length);
}

/// <summary>Consecutive records of one partition; the first has <paramref name="BaseOffset"/>.</summary>
public readonly record struct FetchedBatch(TopicPartition Partition, long BaseOffset, int Count, int Start, int Length);
