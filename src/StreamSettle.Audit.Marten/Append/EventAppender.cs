using Npgsql;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Append;

/// <summary>One guarded transaction for a batch: positions and streams are locked, what is there already is left out, the rest goes in by binary COPY.</summary>
/// <remarks>
/// The order of the steps is what readers that follow the log rely on:
/// 0. personal fields are encrypted, by keys that no shredding takes away until the commit;
/// 1. the locks, by which the transaction has an id before it draws a sequence number;
/// 2. duplicates out, so that a replay draws no number;
/// 3. streams and positions, then the numbers, then the events, then at once the commit.
/// </remarks>
/// <param name="protection">Null where personal fields are not encrypted.</param>
internal sealed class EventAppender(Tables tables, FieldProtection? protection)
{
    /// <summary>How often bodies are encrypted anew before shreddings are kept off meanwhile.</summary>
    const int MostTries = 3;

    readonly AppendStatements statements = new(tables);
    readonly EventCopy copy = new(tables);

    /// <summary>Throws what PostgreSQL and the connection throw; then nothing is written, unless the commit's own answer got lost.</summary>
    public async Task<AppendResult> AppendAsync(NpgsqlConnection connection, EventBatch batch, CancellationToken stop)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (await TryAppendAsync(connection, batch, stop) is { } result)
            {
                return result;
            }
        }

        // Somebody shreds again and again: now that waits for the append, and not the append for that.
        await protection!.KeepOffAsync(connection, stop);
        try
        {
            return await TryAppendAsync(connection, batch, stop) ?? throw new BrokenInvariantException("a key was shredded while a lock kept that off");
        }
        finally
        {
            await protection.LetGoAsync(connection);
        }
    }

    /// <returns>Null where a key was shredded between encrypting by it and the lock that keeps that off.</returns>
    async Task<AppendResult?> TryAppendAsync(NpgsqlConnection connection, EventBatch batch, CancellationToken stop)
    {
        var bodies = protection is null ? null : await protection.ProtectAsync(connection, batch, stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (bodies is not null && !await protection!.HoldAsync(connection, bodies, stop))
        {
            return null;
        }

        var result = await AppendAsync(connection, batch, bodies, transaction, stop);
        if (bodies is not null)
        {
            protection!.Return(bodies);
        }

        return result;
    }

    async Task<AppendResult> AppendAsync(NpgsqlConnection connection, EventBatch batch, ProtectedBodies? bodies, NpgsqlTransaction transaction, CancellationToken stop)
    {
        var stored = await statements.LockPositionsAsync(connection, batch, stop);
        var plan = AppendPlan.From(batch, stored);
        if (plan.Candidates.Count > 0)
        {
            var (versions, known) = await statements.LockStreamsAsync(connection, plan.StreamIds, stop);
            plan.Number(versions, known);
        }

        var next = NextOffsets(batch, stored);
        if (plan.Events.Count > 0 || !next.SequenceEqual(stored))
        {
            var drawn = await statements.WriteStreamsAsync(connection, batch, plan, next, stop);
            await copy.WriteAsync(connection, batch, (plan.Events, bodies), drawn, stop);
            await transaction.CommitAsync(stop);
        }

        var positions = batch.Sources.Select((source, i) => (source, next[i])).ToDictionary();
        return new(plan.Events.Count, batch.Entries.Count - plan.Events.Count, positions);
    }

    static long[] NextOffsets(EventBatch batch, long[] stored) => [.. batch.NextOffsets.Select((next, i) => Math.Max(next, stored[i]))];
}
