using Npgsql;
using StreamSettle.Audit.Marten.Schema;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>Reads and writes the rows of merchants' keys.</summary>
/// <remarks>
/// Whoever writes fields holds an advisory lock shared until its transaction ends, and a shredding takes it alone: so no field is written by a key that has been destroyed,
/// and a writer sees by the number of shreddings that what it keeps in memory may be out of date.
/// </remarks>
internal sealed class DataKeyRows(Tables tables)
{
    const string Columns = "key_id, merchant, generation, wrapped, master_key";

    readonly string newest = $"select distinct on (merchant) {Columns} from {tables.Keys} where merchant = any($1) order by merchant, generation desc";

    readonly string add = $"""
        insert into {tables.Keys} ({Columns})
        select key_id, merchant, generation, wrapped, $5 from unnest($1::uuid[], $2::text[], $3::int[], $4::bytea[]) as key (key_id, merchant, generation, wrapped) order by merchant
        on conflict do nothing
        """;

    /// <summary>Reads the keys in force of some merchants, those that were shredded among them.</summary>
    public Task<List<DataKeyRow>> NewestAsync(NpgsqlConnection connection, string[] merchants, CancellationToken stop) => ReadAsync(connection, newest, stop, merchants);

    /// <summary>Of these ids.</summary>
    public Task<List<DataKeyRow>> FindAsync(NpgsqlConnection connection, Guid[] keys, CancellationToken stop) =>
        ReadAsync(connection, $"select {Columns} from {tables.Keys} where key_id = any($1)", stop, keys);

    public Task<List<DataKeyRow>> AllAsync(NpgsqlConnection connection, CancellationToken stop) => ReadAsync(connection, $"select {Columns} from {tables.Keys}", stop);

    /// <summary>Some that are wrapped by another master key than this.</summary>
    public Task<List<DataKeyRow>> WrappedByOthersAsync(NpgsqlConnection connection, string current, int most, CancellationToken stop) =>
        ReadAsync(connection, $"select {Columns} from {tables.Keys} where wrapped is not null and master_key <> $1 limit {most}", stop, current);

    /// <summary>One of each master key.</summary>
    public Task<List<DataKeyRow>> SamplesAsync(NpgsqlConnection connection, CancellationToken stop) =>
        ReadAsync(connection, $"select distinct on (master_key) {Columns} from {tables.Keys} where wrapped is not null order by master_key", stop);

    /// <summary>Adds keys; where a merchant has one of that generation meanwhile, that one stays.</summary>
    public async Task AddAsync(NpgsqlConnection connection, IReadOnlyCollection<DataKeyRow> keys, string masterKey, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(add, connection)
        {
            Parameters =
            {
                new() { Value = keys.Select(key => key.Name.Id).ToArray() }, new() { Value = keys.Select(key => key.Name.Merchant).ToArray() },
                new() { Value = keys.Select(key => key.Name.Generation).ToArray() }, new() { Value = keys.Select(key => key.Wrapped!).ToArray() }, new() { Value = masterKey },
            },
        };
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>How many shreddings there were.</summary>
    public async Task<long> ShreddingsAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand($"select coalesce(max(number), 0) from {tables.Shreddings}", connection);
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    /// <summary>The same, from the caller's transaction on until it ends: no key is shredded meanwhile.</summary>
    public async Task<long> HoldAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = LockName } } };
        await command.ExecuteNonQueryAsync(stop);
        // A statement of its own: its snapshot is taken when the lock is held.
        return await ShreddingsAsync(connection, stop);
    }

    /// <summary>Holds it over transactions of this session. A transaction that asks for it then has it at once, whoever waits.</summary>
    public async Task KeepOffAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_lock_shared(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = LockName } } };
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Of a session that has ended it is gone already.</summary>
    public async Task LetGoAsync(NpgsqlConnection connection)
    {
        if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
        {
            await using var command = new NpgsqlCommand("select pg_advisory_unlock_shared(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = LockName } } };
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits until nobody holds it, and keeps everybody off until the caller's transaction ends.</summary>
    public async Task ExcludeAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        // Appends queue behind whoever waits here: of one that does not end, the caller hears instead.
        await using var patience = new NpgsqlCommand("set local lock_timeout = '10s'", connection);
        await patience.ExecuteNonQueryAsync(stop);
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = LockName } } };
        await command.ExecuteNonQueryAsync(stop);
    }

    string LockName => $"streamsettle.keys.{tables.Schema}";

    static async Task<List<DataKeyRow>> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken stop, object? parameter = null)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (parameter is not null)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await using var rows = await command.ExecuteReaderAsync(stop);
        List<DataKeyRow> found = [];
        while (await rows.ReadAsync(stop))
        {
            found.Add(new(new(rows.GetGuid(0), rows.GetString(1), rows.GetInt32(2)), await rows.IsDBNullAsync(3, stop) ? null : rows.GetFieldValue<byte[]>(3), rows.GetString(4)));
        }

        return found;
    }
}
