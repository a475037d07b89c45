using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.Embedded.Topics;

/// <summary>A batch as it is stored: how many records, and their frames (see <see cref="Log.RecordBatch"/>).</summary>
internal readonly ref struct StoredBatch
{
    public StoredBatch(ReadOnlySpan<byte> stored)
    {
        var from = new ByteReader(stored);
        Count = from.Count();
        Frames = from.Rest;
    }

    public int Count { get; }

    public ReadOnlySpan<byte> Frames { get; }

    /// <summary>Bytes of the first frames: at most <paramref name="maxRecords"/> and, but for the first, <paramref name="maxBytes"/>.</summary>
    public static int Measure(ReadOnlySpan<byte> frames, int maxRecords, int maxBytes, out int records)
    {
        records = 0;
        var length = 0;
        while (records < maxRecords && length < frames.Length)
        {
            var next = length + FrameSize(frames[length..]);
            if (records > 0 && next > maxBytes)
            {
                break;
            }

            length = next;
            records++;
        }

        return length;
    }

    static int FrameSize(ReadOnlySpan<byte> frames)
    {
        var size = frames.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32BigEndian(frames) + sizeof(int);
        return size >= sizeof(int) && size <= frames.Length
            ? size
            : throw new CorruptStateException($"a stored record claims {size} bytes where {frames.Length} are left; restore the state directory from a backup");
    }
}
