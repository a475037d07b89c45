using Npgsql;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Rows of kept leaves, one at a time.</summary>
internal sealed class LeafRowReader(NpgsqlCommand command, NpgsqlDataReader rows) : IAsyncDisposable
{
    bool isOver;

    /// <summary>Null after the last one. A row of another length than whole hashes comes without any, which whoever reads them takes as altered.</summary>
    public async ValueTask<LeafRow?> NextAsync(CancellationToken stop)
    {
        if (!await rows.ReadAsync(stop))
        {
            isOver = true;
            return null;
        }

        var root = rows.IsDBNull(2) ? null : rows.GetFieldValue<byte[]>(2);
        return new(
            rows.GetInt64(0), Hashes(rows.GetFieldValue<byte[]>(1)), root is { Length: TreeHash.Size } ? TreeHash.Read(root) : null, rows.IsDBNull(3) ? null : rows.GetInt64(3));
    }

    public async ValueTask DisposeAsync()
    {
        if (!isOver)
        {
            // Else closing it would read what is left.
            command.Cancel();
        }

        await rows.DisposeAsync();
        await command.DisposeAsync();
    }

    static TreeHash[] Hashes(byte[] bytes)
    {
        var hashes = new TreeHash[bytes.Length % TreeHash.Size == 0 ? bytes.Length / TreeHash.Size : 0];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = TreeHash.Read(bytes.AsSpan(i * TreeHash.Size, TreeHash.Size));
        }

        return hashes;
    }
}
