using Npgsql;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>The tree as the last seal left it.</summary>
/// <param name="Last">Null before the first.</param>
internal sealed record SealedTree(SignedSeal? Last, MerkleFrontier Frontier)
{
    /// <summary>Makes it anew from the kept leaves: a hash a block, and those of the block that is not full.</summary>
    /// <exception cref="CorruptStateException">They are not what the seal says.</exception>
    public static async Task<SealedTree> LoadAsync(NpgsqlConnection connection, SignedSeal? last, LeafRows leaves, CancellationToken stop)
    {
        var tree = new MerkleFrontier();
        if (last is not { Seal: var seal })
        {
            return new(null, tree);
        }

        await leaves.ForEachBlockAsync(connection, seal.Events, (root, _) => tree.AppendBlock(root), stop);
        foreach (var leaf in await leaves.LeavesAsync(connection, tree.Size, seal.Events, stop))
        {
            tree.Append(leaf);
        }

        return tree.Root == seal.Head ? new(last, tree)
            : throw new CorruptStateException($"the hashes kept beside the events are not those that seal {seal.Number} was made over");
    }
}
