using Npgsql;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>The tree of a seal from what is kept beside the events: all roots of full blocks, and the leaves of blocks that are asked for. Not thread-safe.</summary>
internal sealed class KeptTree
{
    readonly List<TreeHash> roots = [];
    readonly List<long> lastSequences = [];
    readonly Dictionary<long, TreeHash[]> leaves = [];
    readonly Dictionary<(long, long), TreeHash> heads = [];
    readonly LeafRows rows;
    readonly NpgsqlConnection connection;

    KeptTree(LeafRows rows, NpgsqlConnection connection, long size) => (this.rows, this.connection, Size) = (rows, connection, size);

    public long Size { get; }

    /// <summary>Costs reading a row for each 256 events.</summary>
    public static async Task<KeptTree> OpenAsync(LeafRows rows, NpgsqlConnection connection, long size, CancellationToken stop)
    {
        var tree = new KeptTree(rows, connection, size);
        await rows.ForEachBlockAsync(
            connection, size,
            (root, last) =>
            {
                tree.roots.Add(root);
                tree.lastSequences.Add(last);
            },
            stop);
        await tree.NeedAsync(size - 1, stop);
        return tree;
    }

    /// <summary>The block that an event's leaf is in, and the sequence number behind which it begins.</summary>
    public (long Block, long After) BlockOf(long sequence)
    {
        var at = lastSequences.BinarySearch(sequence);
        var block = at < 0 ? ~at : at;
        return (block, block == 0 ? long.MinValue : lastSequences[block - 1]);
    }

    /// <summary>Reads the leaves of the block in which a place is.</summary>
    public async Task NeedAsync(long place, CancellationToken stop)
    {
        var block = place / LeafRow.BlockSize;
        if (place >= 0 && place < Size && !leaves.ContainsKey(block))
        {
            var from = block * LeafRow.BlockSize;
            leaves.Add(block, await rows.LeavesAsync(connection, from, Math.Min(from + LeafRow.BlockSize, Size), stop));
        }
    }

    /// <summary>A <see cref="SubtreeHash"/>: of parts of blocks only where their leaves were asked for.</summary>
    public TreeHash Head(long start, long end)
    {
        if (heads.TryGetValue((start, end), out var known))
        {
            return known;
        }

        var tree = new MerkleFrontier();
        for (var place = start; place < end; place = start + tree.Size)
        {
            var (block, at) = Math.DivRem(place, LeafRow.BlockSize);
            if (at == 0 && place + LeafRow.BlockSize <= end)
            {
                tree.AppendBlock(roots[(int)block]);
            }
            else
            {
                tree.Append(leaves[block][at]);
            }
        }

        return heads[(start, end)] = tree.Root;
    }
}
