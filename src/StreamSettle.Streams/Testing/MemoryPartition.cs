using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Testing;

/// <summary>The records of one partition, framed as in <see cref="RecordBatch"/>.</summary>
sealed class MemoryPartition
{
    readonly ByteBuffer bytes = new();
    readonly List<int> starts = [];

    public long EndOffset => starts.Count;

    public void Append(ReadOnlySpan<byte> framed)
    {
        var rest = framed;
        while (!rest.IsEmpty)
        {
            starts.Add(bytes.Length + framed.Length - rest.Length);
            RecordBatch.TryReadNext(ref rest, out _);
        }

        bytes.Write(framed);
    }

    /// <summary>Copies records from <paramref name="offset"/> on, at most <paramref name="max"/>; returns how many.</summary>
    public int Read(TopicPartition partition, long offset, int max, FetchedRecords into)
    {
        var count = (int)Math.Min(max, EndOffset - offset);
        if (count > 0)
        {
            into.Add(partition, offset, count, Framed((int)offset, count));
        }

        return Math.Max(0, count);
    }

    public ReadOnlySpan<byte> Framed(int offset, int count)
    {
        var end = offset + count == starts.Count ? bytes.Length : starts[offset + count];
        return bytes.Written[starts[offset]..end];
    }
}
