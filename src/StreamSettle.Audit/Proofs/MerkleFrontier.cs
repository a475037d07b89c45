using System.Numerics;

namespace StreamSettle.Audit.Proofs;

/// <summary>
/// A Merkle tree (RFC 9162, 2.1) of which only the right edge is kept: the roots of the full subtrees that its size is made of, at most one a level. Appends cost one
/// hash on average and the root as many as there are levels, whatever the size. Allocates nothing after its making. Not thread-safe.
/// </summary>
public sealed class MerkleFrontier
{
    const int Levels = 63;

    // By level; the bits of the size say which of them count.
    readonly TreeHash[] peaks = new TreeHash[Levels];

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>The tree's head; <see cref="TreeHash.Empty"/> without leaves.</summary>
    public TreeHash Root
    {
        get
        {
            if (Size == 0)
            {
                return TreeHash.Empty;
            }

            var level = BitOperations.TrailingZeroCount(Size);
            var root = peaks[level];
            for (var rest = Size & (Size - 1); rest != 0; rest &= rest - 1)
            {
                root = TreeHash.Node(peaks[BitOperations.TrailingZeroCount(rest)], root);
            }

            return root;
        }
    }

    public void Append(TreeHash leaf)
    {
        var level = 0;
        for (var before = Size; (before & 1) != 0; before >>= 1)
        {
            leaf = TreeHash.Node(peaks[level++], leaf);
        }

        peaks[level] = leaf;
        Size++;
    }
}
