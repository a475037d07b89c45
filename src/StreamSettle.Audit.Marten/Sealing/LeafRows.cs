using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Reads and writes the rows of kept leaves.</summary>
internal sealed class LeafRows(Tables tables)
{
    readonly string insert = $"""
        insert into {tables.Leaves} (first, hashes, block_root, block_last_sequence)
        select * from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[])
        """;

    readonly string read = $"select first, hashes, block_root, block_last_sequence from {tables.Leaves}";

    readonly string blocks = $"select first, block_root, block_last_sequence from {tables.Leaves} where block_root is not null";

    public async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<LeafRow> rows, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(insert, connection)
        {
            Parameters =
            {
                new() { Value = rows.Select(row => row.First).ToArray() },
                new() { Value = rows.Select(row => Bytes(row.Hashes.Span)).ToArray() },
                new() { Value = rows.Select(row => row.BlockRoot is { } root ? SealRows.Bytes(root) : null).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new() { Value = rows.Select(row => row.BlockLastSequence).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            },
        };
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>All rows in the order of their places, one at a time; null after the last one. The reader has the connection until then.</summary>
    public async Task<LeafRowReader> OpenAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var command = new NpgsqlCommand($"{read} order by first", connection) { CommandTimeout = 0 };
        return new(command, await command.ExecuteReaderAsync(stop));
    }

    /// <summary>The leaves from a place on up to another one.</summary>
    /// <exception cref="CorruptStateException">Some are missing.</exception>
    public async Task<TreeHash[]> LeavesAsync(NpgsqlConnection connection, long from, long to, CancellationToken stop)
    {
        var sql = string.Create(CultureInfo.InvariantCulture, $"{read} where first > {from - LeafRow.BlockSize} and first < {to} order by first");
        var command = new NpgsqlCommand(sql, connection);
        await using var rows = new LeafRowReader(command, await command.ExecuteReaderAsync(stop));
        var found = new TreeHash[to - from];
        var next = from;
        while (await rows.NextAsync(stop) is { } row)
        {
            for (var at = Math.Max(0, next - row.First); at < row.Hashes.Length && next < to && row.First <= next; at++)
            {
                found[next++ - from] = row.Hashes.Span[(int)at];
            }
        }

        return next == to ? found : throw new CorruptStateException($"the hashes kept beside the events lack those from place {next} on");
    }

    /// <summary>The blocks in their order.</summary>
    /// <param name="to">Places; of a block that reaches beyond it nothing is told.</param>
    /// <exception cref="CorruptStateException">One is missing.</exception>
    public async Task ForEachBlockAsync(NpgsqlConnection connection, long to, Action<TreeHash, long> take, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"{blocks} and first < {to} order by first"), connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(stop);
        var count = to / LeafRow.BlockSize;
        var next = 0L;
        for (; next < count && await rows.ReadAsync(stop) && rows.GetInt64(0) / LeafRow.BlockSize == next; next++)
        {
            take(TreeHash.Read(rows.GetFieldValue<byte[]>(1)), rows.GetInt64(2));
        }

        if (next < count)
        {
            throw new CorruptStateException($"the hashes kept beside the events lack the root of block {next}");
        }
    }

    static byte[] Bytes(ReadOnlySpan<TreeHash> hashes)
    {
        var bytes = new byte[hashes.Length * TreeHash.Size];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i].Write(bytes.AsSpan(i * TreeHash.Size));
        }

        return bytes;
    }
}
