using System.Numerics;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Proofs;

/// <summary>
/// A Merkle tree (RFC 9162, 2.1) of which only the right edge is kept: the roots of the full subtrees that its size is made of, at most one a level. Appends cost one
/// hash on average and the root as many as there are levels, whatever the size. Allocates nothing after its making. Not thread-safe.
/// </summary>
public sealed class MerkleFrontier
{
    const int Levels = 63;

    // By level; the bits of the size say which of them count.
    readonly TreeHash[] peaks;

    public MerkleFrontier() => peaks = new TreeHash[Levels];

    MerkleFrontier(MerkleFrontier other) => (peaks, Size, BlockRoot) = ([.. other.peaks], other.Size, other.BlockRoot);

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

    /// <summary>The root over the last block of <see cref="LeafRow.BlockSize"/> leaves that is full; nothing of meaning before the first.</summary>
    public TreeHash BlockRoot { get; private set; }

    public void Append(TreeHash leaf) => Append(leaf, 0);

    /// <summary>Adds a whole block by its root.</summary>
    /// <exception cref="BrokenInvariantException">The leaves so far end within a block.</exception>
    public void AppendBlock(TreeHash root)
    {
        if (Size % LeafRow.BlockSize != 0)
        {
            throw new BrokenInvariantException($"a block of leaves was to be added behind {Size} leaves");
        }

        Append(root, LeafRow.BlockLevel);
    }

    public MerkleFrontier Copy() => new(this);

    void Append(TreeHash root, int level)
    {
        var added = 1L << level;
        for (var before = Size >> level; (before & 1) != 0; before >>= 1)
        {
            Note(root, level);
            root = TreeHash.Node(peaks[level++], root);
        }

        Note(root, level);
        peaks[level] = root;
        Size += added;
    }

    void Note(TreeHash root, int level) => BlockRoot = level == LeafRow.BlockLevel ? root : BlockRoot;
}
