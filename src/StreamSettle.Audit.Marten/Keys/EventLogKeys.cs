using System.Security.Cryptography;
using Npgsql;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>The keys of an event log's personal data: looks at them, wraps them by another master key, destroys a merchant's.</summary>
public sealed class EventLogKeys : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-keys";
    const int WriteBufferBytes = 8 * 1024;

    /// <summary>Keys that are wrapped anew in one transaction.</summary>
    const int RotatedAtOnce = 500;

    readonly NpgsqlDataSource dataSource;
    readonly Tables tables;
    readonly KeyRing ring;
    readonly ShreddingRows shreddings;

    /// <exception cref="UserMistakeException">An option breaks a rule.</exception>
    public EventLogKeys(AuditOptions options)
    {
        options.RequireSound();
        (tables, ring) = (new(options.Schema), options.Keys);
        shreddings = new(tables);
        dataSource = AuditSessions.Create(options.ConnectionString, ApplicationName, WriteBufferBytes);
    }

    /// <summary>Changes nothing, and needs no more than SELECT. An event log without tables of keys has none.</summary>
    /// <exception cref="UserMistakeException">The event log may not be read.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public Task<KeysLook> LookAsync(CancellationToken stop) => GuardAsync(async connection =>
    {
        await using var look = new NpgsqlCommand($"select to_regclass('{tables.Keys}') is not null and to_regclass('{tables.Shreddings}') is not null", connection);
        if (await look.ExecuteScalarAsync(stop) is not true)
        {
            return new([], 0, [], []);
        }

        var unrecorded = await UnrecordedAsync(connection, stop);
        await using var count = new NpgsqlCommand($"select count(*) from {tables.Keys} where wrapped is null", connection);
        var shredded = (long)(await count.ExecuteScalarAsync(stop))!;
        return new KeysLook(await UsesAsync(connection, stop), shredded, unrecorded, await shreddings.AllAsync(connection, stop));
    }, stop);

    /// <summary>Costs a look at each merchant's keys.</summary>
    /// <exception cref="UserMistakeException">The event log may not be read.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public Task<KeyCounts> CountAsync(CancellationToken stop) => GuardAsync(async connection =>
    {
        await using var command = new NpgsqlCommand(
            $"""
            with destroyed as (select merchant, count(*) filter (where wrapped is null) as keys, count(*) filter (where wrapped is not null) as alive from {tables.Keys} group by merchant)
            select coalesce(sum(d.alive), 0)::bigint, coalesce(sum(d.keys), 0)::bigint, (select count(*) from {tables.Shreddings}),
                   count(*) filter (where d.keys > (select coalesce(sum(s.keys), 0) from {tables.Shreddings} s where s.merchant = d.merchant))
              from destroyed d
            """,
            connection);
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return new KeyCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }, stop);

    /// <summary>Destroys all keys that a merchant has so far: nobody can read what was encrypted by them any more. What comes later is encrypted by a new one.</summary>
    /// <returns>What was recorded; null where the merchant has no key.</returns>
    /// <exception cref="UserMistakeException">That request asked for something else before, or the role may not.</exception>
    /// <exception cref="EnvironmentFailedException">The event log cannot be reached; whether it happened may be unknown, and the same request may be repeated.</exception>
    public Task<Shredding?> ShredAsync(ShreddingRequest asked, CancellationToken stop) => GuardAsync(connection => shreddings.ShredAsync(connection, asked, stop), stop);

    /// <summary>Wraps every merchant's key by the current master key. One that is cut off goes on the next time.</summary>
    /// <returns>How many were wrapped anew.</returns>
    /// <exception cref="UserMistakeException">There is no current master key, or one of the others is missing or wrong.</exception>
    /// <exception cref="EnvironmentFailedException">The event log cannot be reached.</exception>
    public Task<int> RotateAsync(CancellationToken stop) => GuardAsync(async connection =>
    {
        var current = ring.Current ?? throw new UserMistakeException("Nothing is encrypted, so there is no key to wrap by: set Audit:Encryption:Current to the name of a master key.");
        var rotated = 0;
        for (var rows = await OthersAsync(connection, current, stop); rows.Count > 0; rows = await OthersAsync(connection, current, stop))
        {
            var wrapped = rows.ConvertAll(row => Wrap(row, current));
            await using var command = new NpgsqlCommand(
                $"""
                update {tables.Keys} k set wrapped = new.wrapped, master_key = $4
                  from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as new (key_id, old, wrapped) where k.key_id = new.key_id and k.wrapped = new.old
                """,
                connection)
            {
                Parameters =
                {
                    new() { Value = rows.Select(row => row.Name.Id).ToArray() }, new() { Value = rows.Select(row => row.Wrapped!).ToArray() }, new() { Value = wrapped.ToArray() },
                    new() { Value = current.Id },
                },
            };
            rotated += await command.ExecuteNonQueryAsync(stop);
        }

        return rotated;
    }, stop);

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    static string? Problem(DataKeyRow row, KeyRing ring) => KeyOpening.Open(row, ring) is FieldKey.Closed closed ? closed.Why : null;

    byte[] Wrap(DataKeyRow row, MasterKey current)
    {
        var secret = ring.Find(row.MasterKey)?.Unwrap(row.Wrapped!, row.Name) ?? throw new UserMistakeException($"Keys cannot be wrapped anew: {Problem(row, ring)}. Give it until all keys are wrapped by '{current.Id}'.");
        return current.Wrap(secret, row.Name, bytes => RandomNumberGenerator.Fill(bytes));
    }

    Task<List<DataKeyRow>> OthersAsync(NpgsqlConnection connection, MasterKey current, CancellationToken stop) =>
        new DataKeyRows(tables).WrappedByOthersAsync(connection, current.Id, RotatedAtOnce, stop);

    async Task<List<MasterKeyUse>> UsesAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var samples = await new DataKeyRows(tables).SamplesAsync(connection, stop);
        await using var command = new NpgsqlCommand($"select master_key, count(*) from {tables.Keys} where wrapped is not null group by master_key order by master_key", connection);
        await using var rows = await command.ExecuteReaderAsync(stop);
        List<MasterKeyUse> uses = [];
        while (await rows.ReadAsync(stop))
        {
            var id = rows.GetString(0);
            uses.Add(new(id, rows.GetInt64(1), samples.Find(row => row.MasterKey == id) is { } sample ? Problem(sample, ring) : null));
        }

        return uses;
    }

    async Task<List<string>> UnrecordedAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(
            $"select merchant from {tables.Keys} where wrapped is null group by merchant having count(*) > (select coalesce(sum(s.keys), 0) from {tables.Shreddings} s where s.merchant = {tables.Keys}.merchant) order by 1", connection);
        await using var rows = await command.ExecuteReaderAsync(stop);
        List<string> found = [];
        while (await rows.ReadAsync(stop))
        {
            found.Add(rows.GetString(0));
        }

        return found;
    }

    async Task<T> GuardAsync<T>(Func<NpgsqlConnection, Task<T>> call, CancellationToken stop)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(stop);
            return await call(connection);
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, tables.Schema) is { } translated)
        {
            throw translated;
        }
    }
}
