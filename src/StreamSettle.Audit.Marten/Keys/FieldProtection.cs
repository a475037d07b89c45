using Npgsql;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>Encrypts the personal fields of batches on their way into the event log, each merchant's by its own key, which is made when it is needed first. Safe for concurrent callers.</summary>
/// <param name="ring">Has a current key.</param>
/// <param name="fill">Fills bytes with randomness for keys.</param>
internal sealed class FieldProtection(Tables tables, KeyRing ring, Action<byte[]> fill)
{
    /// <summary>Merchants whose keys are kept in memory; beyond that all are read anew.</summary>
    const int MostKept = 20_000;

    /// <summary>A merchant's key may be shredded as soon as it is made: then the next one is.</summary>
    const int MostTries = 5;

    readonly DataKeyRows rows = new(tables);
    readonly MerchantsOf merchants = new(tables);
    readonly Lock gate = new();
    Dictionary<string, DataKey> kept = new(StringComparer.Ordinal);
    long? shreddings;
    ProtectedBodies? spare;

    /// <summary>Makes keys where there are none, each in a transaction of its own: one that is made and not used is the next one's.</summary>
    /// <returns>Null where no event of the batch has a personal field.</returns>
    /// <exception cref="EnvironmentFailedException">A merchant's key cannot be opened: the message names the master key.</exception>
    public async Task<ProtectedBodies?> ProtectAsync(NpgsqlConnection connection, EventBatch batch, CancellationToken stop)
    {
        var owners = await merchants.ReadAsync(connection, batch, stop);
        if (owners.Count == 0)
        {
            return null;
        }

        var (keys, since) = await KeysAsync(connection, [.. owners.Values.Distinct(StringComparer.Ordinal)], stop);
        var bodies = Interlocked.Exchange(ref spare, null) ?? new();
        bodies.Begin(since);
        lock (gate)
        {
            foreach (var entry in batch.Entries)
            {
                if (owners.TryGetValue(entry.RecordStart, out var merchant))
                {
                    var start = bodies.Bytes.Length;
                    FieldEncryption.Write(EventBody.Read(entry.Kind, batch.Json(entry).Span), entry.Order, keys[merchant], bodies.Bytes);
                    bodies.Add(entry.RecordStart, start);
                }
            }
        }

        return bodies;
    }

    /// <summary>Whether no key was shredded since the bodies were encrypted; from then on none is until the caller's transaction ends. Where one was, they are to be encrypted anew.</summary>
    public async Task<bool> HoldAsync(NpgsqlConnection connection, ProtectedBodies bodies, CancellationToken stop)
    {
        var now = await rows.HoldAsync(connection, stop);
        if (now == bodies.Shreddings)
        {
            return true;
        }

        lock (gate)
        {
            // Replaced, not emptied: another caller may be encrypting by what it took from there.
            (kept, shreddings) = (new(StringComparer.Ordinal), null);
        }

        return false;
    }

    /// <summary>From now on no key is shredded, over any number of transactions of this session, until it lets go.</summary>
    public Task KeepOffAsync(NpgsqlConnection connection, CancellationToken stop) => rows.KeepOffAsync(connection, stop);

    /// <summary>Must follow on <see cref="KeepOffAsync"/>, whatever came in between.</summary>
    public Task LetGoAsync(NpgsqlConnection connection) => rows.LetGoAsync(connection);

    /// <summary>The bodies are written, and nobody reads them any more.</summary>
    public void Return(ProtectedBodies bodies) => Interlocked.Exchange(ref spare, bodies);

    async Task<(Dictionary<string, DataKey> Keys, long Since)> KeysAsync(NpgsqlConnection connection, string[] wanted, CancellationToken stop)
    {
        long? known;
        var keys = new Dictionary<string, DataKey>(StringComparer.Ordinal);
        lock (gate)
        {
            if (kept.Count > MostKept)
            {
                (kept, shreddings) = (new(StringComparer.Ordinal), null);
            }

            known = shreddings;
            foreach (var merchant in wanted)
            {
                _ = kept.TryGetValue(merchant, out var key) && keys.TryAdd(merchant, key);
            }
        }

        // Before any key is read: one that is shredded in between shows by its number.
        var since = known ?? await rows.ShreddingsAsync(connection, stop);
        string[] missing = [.. wanted.Where(merchant => !keys.ContainsKey(merchant))];
        if (missing.Length == 0)
        {
            return (keys, since);
        }

        var read = await ReadOrMakeAsync(connection, missing, stop);
        lock (gate)
        {
            shreddings ??= since;
            foreach (var (merchant, key) in read)
            {
                keys[merchant] = shreddings == since && !kept.TryAdd(merchant, key) ? kept[merchant] : key;
            }
        }

        return (keys, since);
    }

    async Task<Dictionary<string, DataKey>> ReadOrMakeAsync(NpgsqlConnection connection, string[] wanted, CancellationToken stop)
    {
        var found = new Dictionary<string, DataKey>(StringComparer.Ordinal);
        for (var tries = 0; found.Count < wanted.Length; tries++)
        {
            if (tries == MostTries)
            {
                throw new EnvironmentFailedException("Merchants' keys are shredded as fast as they are made: see who does it (streamsettle audit keys list)");
            }

            string[] missing = [.. wanted.Where(merchant => !found.ContainsKey(merchant))];
            var newest = (await rows.NewestAsync(connection, missing, stop)).ToDictionary(row => row.Name.Merchant, StringComparer.Ordinal);
            foreach (var row in newest.Values.Where(row => row.Wrapped is not null))
            {
                found.Add(row.Name.Merchant, Opened(row));
            }

            DataKeyRow[] made = [.. missing.Where(merchant => !found.ContainsKey(merchant)).Select(merchant => Make(merchant, newest.GetValueOrDefault(merchant)))];
            if (made.Length > 0)
            {
                // Read back in the next turn: of two that make a merchant's key at once, one is taken by both.
                await rows.AddAsync(connection, made, ring.Current!.Id, stop);
            }
        }

        return found;
    }

    DataKeyRow Make(string merchant, DataKeyRow? before)
    {
        var (id, secret) = (new byte[16], new byte[DataKey.SecretBytes]);
        fill(id);
        fill(secret);
        var name = new DataKeyName(new(id), merchant, (before?.Name.Generation ?? 0) + 1);
        return new(name, ring.Current!.Wrap(secret, name, fill), ring.Current.Id);
    }

    DataKey Opened(DataKeyRow row) => KeyOpening.Open(row, ring) switch
    {
        FieldKey.Open open => open.Key,
        FieldKey.Closed closed => throw new EnvironmentFailedException($"Personal data of merchant {row.Name.Merchant} cannot be encrypted: {closed.Why}. Give this instance the master keys that the others have, and restart it"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
