using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Streams.Windows;

/// <summary>The place up to which a due-window store was taken, inclusive; it only goes forward. As a key of what waits.</summary>
sealed class TakenThrough
{
    readonly ByteBuffer place = new(64);

    /// <summary>Nothing was taken yet.</summary>
    public bool IsNone => place.Length == 0;

    /// <summary>It stands at the start of a window: all before is taken, nothing in it.</summary>
    public bool IsStartOfWindow => place.Length == DueWindowKey.HeadSize;

    /// <summary>Due time of the place.</summary>
    public UtcInstant DueAt => DueWindowKey.DueOf(place.Written);

    /// <summary>The place without its kind: what is stored.</summary>
    public ReadOnlySpan<byte> Stored => place.Written[1..];

    public void Restore(ReadOnlySpan<byte> stored)
    {
        place.Clear();
        new ByteWriter(place).Byte(DueWindowKey.Waiting);
        place.Write(stored);
    }

    /// <summary>Moves to an entry that is taken, of either kind; one that was put late may lie behind already. All that waits before it was taken first.</summary>
    /// <returns>Whether it moved.</returns>
    public bool MoveTo(ReadOnlySpan<byte> entry)
    {
        if (!IsNone && entry[1..].SequenceCompareTo(place.Written[1..]) <= 0)
        {
            return false;
        }

        place.Clear();
        place.Write(entry);
        place.WrittenMutable[0] = DueWindowKey.Waiting;
        return true;
    }

    public void MoveToStartOfWindow(long dueUs) => DueWindowKey.WriteHead(place, DueWindowKey.Waiting, dueUs);

    public bool Covers(scoped ReadOnlySpan<byte> waiting) => !IsNone && waiting.SequenceCompareTo(place.Written) <= 0;

    /// <summary>The first key that can still wait.</summary>
    public void WriteNext(ByteBuffer to)
    {
        if (IsNone)
        {
            DueWindowKey.WriteHead(to, DueWindowKey.Waiting, long.MinValue);
            return;
        }

        // The smallest key above the place is the place with a zero byte behind it.
        to.Clear();
        to.Write(place.Written);
        new ByteWriter(to).Byte(0);
    }
}
