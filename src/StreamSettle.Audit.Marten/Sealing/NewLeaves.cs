using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Leaves that a seal adds, cut into rows. Not thread-safe.</summary>
internal sealed class NewLeaves(MerkleFrontier tree)
{
    readonly List<LeafRow> rows = [];
    readonly List<TreeHash> row = [];

    /// <summary>The tree with them.</summary>
    public MerkleFrontier Tree => tree;

    public int Count { get; private set; }

    public long LastSequence { get; private set; }

    public void Add(ReadOnlySpan<long> sequences, ReadOnlySpan<TreeHash> leaves)
    {
        for (var i = 0; i < leaves.Length; i++)
        {
            tree.Append(leaves[i]);
            row.Add(leaves[i]);
            LastSequence = sequences[i];
            if (tree.Size % LeafRow.BlockSize == 0)
            {
                End(tree.BlockRoot, LastSequence);
            }
        }

        Count += leaves.Length;
    }

    public IReadOnlyList<LeafRow> Rows()
    {
        if (row.Count > 0)
        {
            End(null, null);
        }

        return rows;
    }

    void End(TreeHash? blockRoot, long? blockLastSequence)
    {
        rows.Add(new(tree.Size - row.Count, row.ToArray(), blockRoot, blockLastSequence));
        row.Clear();
    }
}
