using System.Collections.Immutable;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Topology.Pending;

/// <summary>
/// The changes of an order that could not be read and that nobody has replayed or discarded yet: their offsets in the order's source partition, ascending. While
/// one of them came after the last change that was read, what is known of the order may not be what the source said last. The others are overtaken, but can
/// still be replayed, so their order is not forgotten. Usually there are none, and none cost nothing.
/// </summary>
static class DoubtList
{
    /// <summary>A change at <paramref name="offset"/> could not be read.</summary>
    public static ImmutableArray<long> With(ImmutableArray<long> doubts, long offset)
    {
        var at = doubts.BinarySearch(offset);
        return at >= 0 ? doubts : doubts.Insert(~at, offset);
    }

    /// <summary>The change at <paramref name="offset"/> was read after all, or a person says that it does not count.</summary>
    public static ImmutableArray<long> Without(ImmutableArray<long> doubts, long offset) => doubts.IsEmpty ? doubts : doubts.Remove(offset);

    /// <summary>One of them came after everything that was read.</summary>
    /// <param name="nextOffset">After the last change that was read; 0 before the first.</param>
    public static bool IsInDoubt(ImmutableArray<long> doubts, long nextOffset) => !doubts.IsEmpty && doubts[^1] >= nextOffset;

    public static void Write(ByteWriter to, ImmutableArray<long> doubts)
    {
        to.VarUInt64((ulong)doubts.Length);
        foreach (var doubt in doubts)
        {
            to.VarInt64(doubt);
        }
    }

    public static ImmutableArray<long> Read(ref ByteReader from)
    {
        var count = from.Count();
        if (count == 0)
        {
            return [];
        }

        var doubts = new long[count];
        for (var i = 0; i < count; i++)
        {
            doubts[i] = from.VarInt64();
        }

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(doubts);
    }
}
