using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Streams.Log;

/// <summary>What one poll brought: slices of record batches. Reused: the buffers stay.</summary>
public sealed class FetchedRecords
{
    readonly ByteBuffer bytes = new(64 * 1024);
    readonly List<FetchedBatch> batches = [];
    readonly List<(TopicPartition Partition, long Next)> progress = [];

    /// <summary>A poll stops adding batches once it has this many records; one batch may pass it. Default 10,000.</summary>
    public int RecordsMax { get; init; } = FetchLimits.RecordsMaxDefault;

    /// <summary>A poll stops adding batches once it has this many bytes; one batch may pass it. Default 4 MiB.</summary>
    public int BytesMax { get; init; } = FetchLimits.BytesMaxDefault;

    /// <summary>One of the bounds is reached.</summary>
    public bool IsFull => Count >= RecordsMax || bytes.Length >= BytesMax;

    public IReadOnlyList<FetchedBatch> Batches => batches;

    /// <summary>Offsets up to which (exclusive) there is nothing but what the batches of this and earlier polls brought: gaps were passed.</summary>
    public IReadOnlyList<(TopicPartition Partition, long Next)> Progress => progress;

    /// <summary>Records in all batches.</summary>
    public int Count { get; private set; }

    public void Clear()
    {
        bytes.Clear();
        batches.Clear();
        progress.Clear();
        Count = 0;
    }

    /// <summary>Copies framed records (see <see cref="RecordBatch"/>) of one partition.</summary>
    public void Add(TopicPartition partition, long baseOffset, int count, ReadOnlySpan<byte> framed)
    {
        batches.Add(new(partition, baseOffset, count, bytes.Length, framed.Length));
        bytes.Write(framed);
        Count += count;
    }

    /// <summary>Says that the client has passed a gap.</summary>
    public void AddProgress(TopicPartition partition, long next) => progress.Add((partition, next));

    /// <summary>The bytes that batches are slices of.</summary>
    internal ReadOnlySpan<byte> AllBytes => bytes.Written;

    /// <summary>The framed records of a batch.</summary>
    public ReadOnlySpan<byte> BytesOf(FetchedBatch batch) => bytes.Written.Slice(batch.Start, batch.Length);
}

/// <summary>Consecutive records of one partition; the first has <paramref name="BaseOffset"/>.</summary>
public readonly record struct FetchedBatch(TopicPartition Partition, long BaseOffset, int Count, int Start, int Length);
