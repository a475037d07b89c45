using Npgsql;
using NpgsqlTypes;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Reads and writes the rows of seals.</summary>
internal sealed class SealRows(Tables tables)
{
    // The last one is missing in an event log of an earlier release, which an auditor may hold against its seals all the same.
    readonly string read = $"select log_identity, number, events, last_sequence, head, sealed_at, previous, key, signature, to_jsonb(s) ->> 'beside' from {tables.Seals} s";

    readonly string insert = $"insert into {tables.Seals} (log_identity, number, events, last_sequence, head, sealed_at, previous, key, signature, beside) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    /// <summary>The newest; null before the first.</summary>
    public Task<SignedSeal?> LastAsync(NpgsqlConnection connection, CancellationToken stop) => OneAsync(connection, $"{read} order by number desc limit 1", stop);

    /// <summary>Null where there is none of that number.</summary>
    public Task<SignedSeal?> FindAsync(NpgsqlConnection connection, long number, CancellationToken stop) => OneAsync(connection, $"{read} where number = {number}", stop);

    /// <summary>All in the order of their numbers.</summary>
    public async Task ForEachAsync(NpgsqlConnection connection, Action<SignedSeal> take, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand($"{read} order by number", connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
        {
            take(Row(rows));
        }
    }

    public async Task InsertAsync(NpgsqlConnection connection, SignedSeal one, CancellationToken stop)
    {
        var seal = one.Seal;
        await using var command = new NpgsqlCommand(insert, connection)
        {
            Parameters =
            {
                new() { Value = seal.Log }, new() { Value = seal.Number }, new() { Value = seal.Events }, new() { Value = seal.LastSequence }, new() { Value = Bytes(seal.Head) },
                new() { Value = seal.SealedAt.ToDateTimeOffset().UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz }, new() { Value = Bytes(seal.Previous) },
                new() { Value = seal.Key }, new() { Value = one.Signature.ToArray() },
                new() { Value = (object?)seal.Beside?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        await command.ExecuteNonQueryAsync(stop);
    }

    public static byte[] Bytes(TreeHash hash)
    {
        var bytes = new byte[TreeHash.Size];
        hash.Write(bytes);
        return bytes;
    }

    static async Task<SignedSeal?> OneAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync(stop);
        return await row.ReadAsync(stop) ? Row(row) : null;
    }

    static SignedSeal Row(NpgsqlDataReader row)
    {
        var number = row.GetInt64(1);
        try
        {
            var seal = new Seal
            {
                Log = row.GetGuid(0), Number = number, Events = row.GetInt64(2), LastSequence = row.GetInt64(3), Head = TreeHash.Read(row.GetFieldValue<byte[]>(4)),
                SealedAt = UtcInstant.From(row.GetFieldValue<DateTimeOffset>(5)), Previous = TreeHash.Read(row.GetFieldValue<byte[]>(6)), Key = row.GetString(7),
                Beside = row.IsDBNull(9) ? null : SealedBeside.Read(row.GetString(9)) ?? throw new CorruptStateException("what it says of what stands beside the events is not as it was written"),
            };
            return new(seal, row.GetFieldValue<byte[]>(8));
        }
        catch (Exception unreadable) when (unreadable is CorruptStateException or InvalidCastException or ArgumentException)
        {
            throw new CorruptStateException($"seal {number} of the event log cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
