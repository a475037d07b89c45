using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Testing;

/// <summary>The records of one partition, framed as in <see cref="RecordBatch"/>, each with its offset.</summary>
sealed class MemoryPartition
{
    readonly ByteBuffer bytes = new();
    readonly List<int> starts = [];
    readonly List<long> offsets = [];

    /// <summary>The offset of the next record or marker.</summary>
    public long EndOffset { get; private set; }

    public int Count => starts.Count;

    public void Append(ReadOnlySpan<byte> framed, Hostility? hostility)
    {
        var rest = framed;
        while (!rest.IsEmpty)
        {
            EndOffset += hostility?.Gap() ?? 0;
            offsets.Add(EndOffset++);
            starts.Add(bytes.Length + framed.Length - rest.Length);
            RecordBatch.TryReadNext(ref rest, out _);
        }

        bytes.Write(framed);
    }

    /// <summary>Offsets that nobody ever reads: a marker, or records of an aborted transaction.</summary>
    public void Skip(int count) => EndOffset += count;

    /// <summary>Index of the first record at or after the offset.</summary>
    public int IndexOf(long offset) => offsets.BinarySearch(offset) is var found && found < 0 ? ~found : found;

    public long OffsetOf(int index) => offsets[index];

    /// <summary>Copies records from <paramref name="index"/> on, at most <paramref name="max"/>, a batch for each run without gaps; returns the next offset to fetch.</summary>
    public long Read(TopicPartition partition, int index, int max, FetchedRecords into)
    {
        var end = Math.Min(starts.Count, index + max);
        while (index < end)
        {
            var run = 1;
            while (index + run < end && offsets[index + run] == offsets[index] + run)
            {
                run++;
            }

            into.Add(partition, offsets[index], run, Framed(index, run));
            index += run;
        }

        return end < starts.Count ? offsets[end] : EndOffset;
    }

    public ReadOnlySpan<byte> Framed(int index, int count)
    {
        var end = index + count == starts.Count ? bytes.Length : starts[index + count];
        return bytes.Written[starts[index]..end];
    }
}
