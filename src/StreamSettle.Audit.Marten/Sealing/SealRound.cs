using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Makes one seal in one transaction, alone among all instances. What it needs is in the event log: whoever comes next goes on, wherever this one ended. Not thread-safe.</summary>
internal sealed class SealRound(Tables tables, SealOptions options, Guid logIdentity, TimeProvider time)
{
    /// <summary>The order of the primary key is that of the places; sorting all events instead would take the server's disk.</summary>
    const string ByIndex = "set local enable_sort = off; set local jit = off";

    readonly SealRows seals = new(tables);
    readonly LeafRows leaves = new(tables);
    readonly BesideReader besides = new(tables);
    SealedTree? known;

    /// <summary>Seals events up to the horizon, at most <see cref="SealOptions.Events"/> of them, and what stands beside them.</summary>
    /// <returns>The tree as the newest seal left it, whoever made that; null while another instance is making one.</returns>
    public async Task<SealedTree?> RunAsync(NpgsqlConnection connection, long horizon, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (!await IsAloneAsync(connection, stop))
        {
            return null;
        }

        // Of the kept tree nothing is used that another instance has gone beyond.
        var last = await seals.LastAsync(connection, stop);
        var tree = known?.Last?.Seal == last?.Seal && known is { } same ? same : await SealedTree.LoadAsync(connection, last, leaves, stop);
        Check(last);
        known = null;
        var added = new NewLeaves(tree.Frontier.Copy());
        if (horizon > (last?.Seal.LastSequence ?? 0))
        {
            await ExecuteAsync(connection, ByIndex, stop);
            await LeafStream.ReadAsync(connection, LeafColumns.Copy(tables, last?.Seal.LastSequence ?? 0, horizon, options.Events), Add, stop);
        }

        var beside = await besides.ReadAsync(connection, last?.Seal.Beside, stop);
        if (added.Count > 0 || (last is not null && last.Seal.Beside != beside))
        {
            last = Sign(last?.Seal, added, beside);
            await leaves.InsertAsync(connection, added.Rows(), stop);
            await seals.InsertAsync(connection, last, stop);
            await transaction.CommitAsync(stop);
        }

        return known = new(last, added.Tree);

        ValueTask<bool> Add(ReadOnlyMemory<long> sequences, ReadOnlyMemory<TreeHash> hashes)
        {
            added.Add(sequences.Span, hashes.Span);
            return ValueTask.FromResult(true);
        }
    }

    /// <summary>Whether something stands beside the events that the newest seal, which must be there, does not say.</summary>
    public async Task<bool> IsMoreBesideAsync(NpgsqlConnection connection, Seal last, CancellationToken stop) => await besides.ReadAsync(connection, last.Beside, stop) != last.Beside;

    public Task<SignedSeal?> LastAsync(NpgsqlConnection connection, CancellationToken stop) => seals.LastAsync(connection, stop);

    /// <summary>A round that failed has left nothing but what the event log has.</summary>
    public void Forget() => known = null;

    SignedSeal Sign(Seal? before, NewLeaves added, SealedBeside beside)
    {
        var now = UtcInstant.Now(time);
        var seal = new Seal
        {
            Log = logIdentity, Number = (before?.Number ?? 0) + 1, Events = added.Tree.Size, LastSequence = added.Count > 0 ? added.LastSequence : before!.LastSequence, Head = added.Tree.Root, Beside = beside,

            // Another instance's clock may be ahead of ours.
            SealedAt = before is { SealedAt: var earlier } && earlier > now ? earlier : now,
            Previous = before?.Hash ?? default, Key = options.Key.Id,
        };
        return new(seal, options.Key.Sign(seal));
    }

    /// <summary>What our seal would not go on with.</summary>
    void Check(SignedSeal? last)
    {
        if (last is { Seal: var seal } && seal.Log != logIdentity)
        {
            throw new CorruptStateException($"the seals in the event log are of the log {seal.Log}, but this service has {logIdentity}");
        }

        if (last is not null && last.Seal.Key == options.Key.Id && SealKey.Problem(last.Seal, last.Signature.Span, [options.Key]) is { } problem)
        {
            throw new UserMistakeException($"{problem}. If the key was exchanged, give the new one another name in Audit:Seal:Name");
        }
    }

    async Task<bool> IsAloneAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_xact_lock(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = $"streamsettle.seal.{tables.Schema}" } } };
        return await command.ExecuteScalarAsync(stop) is true;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }
}
