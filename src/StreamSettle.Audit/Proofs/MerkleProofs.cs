using System.Numerics;

namespace StreamSettle.Audit.Proofs;

/// <summary>Proofs that a leaf is in a tree, and that a tree is the beginning of a later one, as RFC 9162 (2.1.3 and 2.1.4) makes and checks them.</summary>
public static class MerkleProofs
{
    /// <summary>The siblings from the leaf up to the head: as many as there are levels, 24 (768 bytes) at ten million leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tree has no such leaf.</exception>
    public static IReadOnlyList<TreeHash> Inclusion(long index, long size, SubtreeHash hashes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        List<TreeHash> path = [];
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = start + LeftSize(end - start);
            if (index < middle)
            {
                path.Add(hashes(middle, end));
                end = middle;
            }
            else
            {
                path.Add(hashes(start, middle));
                start = middle;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>What shows that the tree of <paramref name="size"/> leaves begins with that of <paramref name="older"/>; empty where one of them is empty or both are one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The older one is the larger.</exception>
    public static IReadOnlyList<TreeHash> Consistency(long older, long size, SubtreeHash hashes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(older);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(older, size);
        List<TreeHash> path = [];
        if (older == 0)
        {
            return path;
        }

        var (start, end) = (0L, size);
        while (older != end)
        {
            var middle = start + LeftSize(end - start);
            if (older <= middle)
            {
                path.Add(hashes(middle, end));
                end = middle;
            }
            else
            {
                path.Add(hashes(start, middle));
                start = middle;
            }
        }

        if (start > 0)
        {
            path.Add(hashes(start, end));
        }

        path.Reverse();
        return path;
    }

    /// <summary>Whether the leaf is at that place of the tree with that head.</summary>
    public static bool Includes(TreeHash root, long size, long index, TreeHash leaf, IReadOnlyList<TreeHash> path)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in path)
        {
            if (last == 0)
            {
                return false;
            }

            var isRight = IsRightOrLast(node, last);
            hash = isRight ? TreeHash.Node(sibling, hash) : TreeHash.Node(hash, sibling);
            (node, last) = Above(node, last, isRight);
        }

        return last == 0 && hash == root;
    }

    /// <summary>Whether the tree with the head <paramref name="root"/> begins with the older one: nothing of that was changed, moved or taken away since.</summary>
    public static bool Extends(TreeHash olderRoot, long older, TreeHash root, long size, IReadOnlyList<TreeHash> path)
    {
        if (older < 0 || older > size)
        {
            return false;
        }

        if (older == 0 || older == size)
        {
            return path.Count == 0 && olderRoot == (older == 0 ? TreeHash.Empty : root);
        }

        // A full tree is itself the first node.
        var first = BitOperations.IsPow2(older) ? 0 : 1;
        if (path.Count < first)
        {
            return false;
        }

        var shift = BitOperations.TrailingZeroCount(older);
        var (node, last) = ((older - 1) >> shift, (size - 1) >> shift);
        var (olderHash, hash) = first == 0 ? (olderRoot, olderRoot) : (path[0], path[0]);
        foreach (var sibling in path.Skip(first))
        {
            if (last == 0)
            {
                return false;
            }

            var isRight = IsRightOrLast(node, last);
            (olderHash, hash) = isRight ? (TreeHash.Node(sibling, olderHash), TreeHash.Node(sibling, hash)) : (olderHash, TreeHash.Node(hash, sibling));
            (node, last) = Above(node, last, isRight);
        }

        return last == 0 && olderHash == olderRoot && hash == root;
    }

    static bool IsRightOrLast(long node, long last) => (node & 1) != 0 || node == last;

    /// <summary>The parent; a last node without a sibling is carried up to the level where it has one.</summary>
    static (long Node, long Last) Above(long node, long last, bool isRight)
    {
        var shift = isRight ? BitOperations.TrailingZeroCount(node) + 1 : 1;
        return (node >> shift, last >> shift);
    }

    /// <summary>Leaves of the left child: the largest power of two below the size.</summary>
    static long LeftSize(long size) => 1L << BitOperations.Log2((ulong)(size - 1));
}
