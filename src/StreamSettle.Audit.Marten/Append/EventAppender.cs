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
/// 1. the locks, by which the transaction has an id before it draws a sequence number; streams that are remembered are moved at once, if they are as they were left;
/// 2. duplicates out, so that a replay draws no number;
/// 3. streams and positions, then the numbers, then the events, then at once the commit.
/// </remarks>
/// <param name="protection">Null where personal fields are not encrypted.</param>
internal sealed class EventAppender(Tables tables, FieldProtection? protection)
{
    /// <summary>How often bodies are encrypted anew before shreddings are kept off meanwhile.</summary>
    const int MostTries = 3;

    /// <summary>Streams that are remembered: some 16 MB. More than are under way at once where orders take seconds from their mark to their end.</summary>
    const int MostRecent = 65_536;

    readonly AppendStatements statements = new(tables);
    readonly EventCopy copy = new(tables);
    readonly RecentStreams recent = new(MostRecent);

    /// <summary>Throws what PostgreSQL and the connection throw; then nothing is written, unless the commit's own answer got lost.</summary>
    public async Task<AppendResult> AppendAsync(NpgsqlConnection connection, EventBatch batch, CancellationToken stop)
    {
        for (var tries = 0; tries < MostTries;)
        {
            var attempt = await TryAppendAsync(connection, batch, stop);
            if (attempt.Result is { } result)
            {
                return result;
            }

            tries += attempt.WasShredded ? 1 : 0;
        }

        // Somebody shreds again and again: now that waits for the append, and not the append for that.
        await protection!.KeepOffAsync(connection, stop);
        try
        {
            while (true)
            {
                var attempt = await TryAppendAsync(connection, batch, stop);
                if (attempt.Result is { } result)
                {
                    return result;
                }

                if (attempt.WasShredded)
                {
                    throw new BrokenInvariantException("a key was shredded while a lock kept that off");
                }
            }
        }
        finally
        {
            await protection.LetGoAsync(connection);
        }
    }

    async Task<Attempt> TryAppendAsync(NpgsqlConnection connection, EventBatch batch, CancellationToken stop)
    {
        var bodies = protection is null ? null : await protection.ProtectAsync(connection, batch, stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (bodies is not null && !await protection!.HoldAsync(connection, bodies, stop))
        {
            return new(null, WasShredded: true);
        }

        var result = await AppendAsync(connection, batch, bodies, transaction, stop);
        if (bodies is not null)
        {
            protection!.Return(bodies);
        }

        return new(result, WasShredded: false);
    }

    /// <returns>Null where what is remembered did not hold and is forgotten: the transaction has drawn no number, and the next one reads it.</returns>
    async Task<AppendResult?> AppendAsync(NpgsqlConnection connection, EventBatch batch, ProtectedBodies? bodies, NpgsqlTransaction transaction, CancellationToken stop)
    {
        var stored = await statements.LockPositionsAsync(connection, batch, stop);
        var plan = AppendPlan.From(batch, stored, recent);
        if (plan.Unread.Length + plan.Recalled.Length > 0 && !await statements.LockStreamsAsync(connection, plan, stop))
        {
            recent.Forget(plan.Recalled);
            return null;
        }

        plan.Complete();
        var next = NextOffsets(batch, stored);
        if (plan.Events.Count > 0 || !next.SequenceEqual(stored))
        {
            var drawn = await statements.WriteStreamsAsync(connection, batch, plan, next, stop);
            await copy.WriteAsync(connection, batch, (plan.Events, bodies), drawn, stop);
            await transaction.CommitAsync(stop);
            recent.Keep(plan.Streams);
        }

        var positions = batch.Sources.Select((source, i) => (source, next[i])).ToDictionary();
        return new(plan.Events.Count, batch.Entries.Count - plan.Events.Count, positions);
    }

    static long[] NextOffsets(EventBatch batch, long[] stored) => [.. batch.NextOffsets.Select((next, i) => Math.Max(next, stored[i]))];

    /// <param name="Result">Null where nothing was appended, and it is to be done again.</param>
    /// <param name="WasShredded">A key was shredded between encrypting by it and the lock that keeps that off.</param>
    readonly record struct Attempt(AppendResult? Result, bool WasShredded);
}
