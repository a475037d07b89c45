using System.Data;
using System.Globalization;
using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>Recomputes every hash of the event log and holds it against the seals. Needs no more than SELECT; sees one moment of the log, whatever is appended meanwhile.</summary>
public sealed class EventLogVerifier : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-verify";
    const int WriteBufferBytes = 8 * 1024;
    const int ReadBufferBytes = 256 * 1024;

    /// <summary>The order of the primary key is that of the places.</summary>
    const string ByIndex = "set local enable_sort = off; set local jit = off";

    readonly NpgsqlDataSource dataSource;
    readonly Tables tables;
    readonly SealRows seals;

    /// <exception cref="UserMistakeException">An option breaks a rule.</exception>
    public EventLogVerifier(AuditOptions options)
    {
        options.RequireSound();
        tables = new(options.Schema);
        seals = new(tables);
        dataSource = AuditSessions.Create(options.ConnectionString, ApplicationName, WriteBufferBytes, ReadBufferBytes);
    }

    /// <param name="known">The keys that are trusted, the older ones among them.</param>
    /// <param name="exported">Seals that were kept elsewhere, and are signed by known keys.</param>
    /// <exception cref="UserMistakeException">The event log is not there, or may not be read.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public async Task<LogVerdict> VerifyAsync(IReadOnlyCollection<SealKey> known, IReadOnlyCollection<SignedSeal> exported, CancellationToken stop)
    {
        try
        {
            await using var events = await dataSource.OpenConnectionAsync(stop);
            await using var moment = await events.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
            await using var beside = await dataSource.OpenConnectionAsync(stop);
            await using var sameMoment = await beside.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
            var snapshot = (string)(await ScalarAsync(events, "select pg_export_snapshot()", stop))!;
            await ScalarAsync(beside, $"set transaction snapshot '{snapshot}'", stop);
            await ScalarAsync(events, ByIndex, stop);
            await ScalarAsync(beside, ByIndex, stop);
            var chain = await ChainAsync(events, known, exported, stop);
            return await AroundAsync(events, await VerifyAsync(events, beside, chain, stop), chain, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, tables.Schema) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>The newest seal as it stands; null where there is none.</summary>
    /// <inheritdoc cref="VerifyAsync(IReadOnlyCollection{SealKey}, IReadOnlyCollection{SignedSeal}, CancellationToken)"/>
    public async Task<SignedSeal?> NewestSealAsync(CancellationToken stop)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(stop);
            return await seals.LastAsync(connection, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, tables.Schema) is { } translated)
        {
            throw translated;
        }
    }

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    async Task<SealChain> ChainAsync(NpgsqlConnection connection, IReadOnlyCollection<SealKey> known, IReadOnlyCollection<SignedSeal> exported, CancellationToken stop)
    {
        var chain = new SealChain(known, exported);
        try
        {
            await seals.ForEachAsync(connection, chain.Add, stop);
        }
        catch (CorruptStateException unreadable)
        {
            chain.Break(unreadable.Message);
        }

        chain.End();
        return chain;
    }

    async Task<LogVerdict> VerifyAsync(NpgsqlConnection events, NpgsqlConnection beside, SealChain chain, CancellationToken stop)
    {
        var last = chain.Good.LastOrDefault();
        LogWalk walk;
        await using (var rows = await new LeafRows(tables).OpenAsync(beside, stop))
        {
            walk = new(chain.Good, () => rows.NextAsync(stop), hasAllSeals: chain.Breaks.Count == 0);
            if (last is not null)
            {
                // At the first break the rest is not read: the copy is cancelled, and what it was cancelled in with it.
                await ScalarAsync(events, "savepoint walk", stop);
                await LeafStream.ReadAsync(events, LeafColumns.Copy(tables, long.MinValue, last.LastSequence), walk.TakeAsync, stop);
                await ScalarAsync(events, "rollback to savepoint walk", stop);
            }

            await walk.EndAsync();
        }

        var notSealed = (long)(await ScalarAsync(events, string.Create(CultureInfo.InvariantCulture, $"select count(*) from {tables.Events} where seq_id > {last?.LastSequence ?? long.MinValue}"), stop))!;
        List<Break> breaks = [.. chain.Breaks];
        foreach (var one in walk.Breaks)
        {
            breaks.Add(one.Sequence is { } sequence ? one with { Where = $"{one.Where}, {await NameAsync(events, sequence, stop)}" } : one);
        }

        return new(walk.Proven, chain.Good.Count, last, notSealed, breaks, await OtherColumnsAsync(events, stop));
    }

    /// <summary>What is in no leaf: streams, what stands beside the events, and what guards all of it.</summary>
    async Task<LogVerdict> AroundAsync(NpgsqlConnection connection, LogVerdict verdict, SealChain chain, CancellationToken stop)
    {
        string[] needed = [tables.Streams, tables.Shreddings, tables.Keys, tables.Notarisations, tables.NotarySteps];
        if (await UnreadAsync(connection, needed, stop) is { Count: > 0 } unread)
        {
            return verdict with { Unread = unread, Unguarded = await Guards.ProblemsAsync(connection, tables, madeByStart: false, stop) };
        }

        var besides = await new BesideCheck(connection, tables, chain.Good).RunAsync(stop);
        // Beside events that are not what they were streams differ with them: that says no more.
        var streams = verdict.Breaks.Count > 0 ? [] : await StreamsCheck.RunAsync(connection, tables, stop);
        return verdict with { Breaks = [.. verdict.Breaks, .. besides, .. streams], Unguarded = await Guards.ProblemsAsync(connection, tables, madeByStart: false, stop) };
    }

    static async Task<IReadOnlyList<string>> UnreadAsync(NpgsqlConnection connection, string[] needed, CancellationToken stop)
    {
        const string sql = "select t, to_regclass(t) is null from unnest($1::text[]) as t where not coalesce(has_table_privilege(to_regclass(t), 'select'), false)";
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = needed } } };
        await using var rows = await command.ExecuteReaderAsync(stop);
        List<string> found = [];
        while (await rows.ReadAsync(stop))
        {
            found.Add(rows.GetBoolean(1) ? $"there is no {rows.GetString(0)}: the event log is of an earlier release" : $"this role may not read {rows.GetString(0)}: let the owner run what 'audit grants' prints again");
        }

        return found;
    }

    /// <summary>Which event of which order it is, as it now stands.</summary>
    async Task<string> NameAsync(NpgsqlConnection connection, long sequence, CancellationToken stop)
    {
        var sql = string.Create(CultureInfo.InvariantCulture, $"select concat('order ', stream_id, ', version ', version, ', ', type) from {tables.Events} where seq_id = {sequence}");
        return (string)(await ScalarAsync(connection, sql, stop))!;
    }

    async Task<string[]> OtherColumnsAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        const string sql = "select coalesce(array_agg(attname::text order by attnum), '{}') from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attname <> all ($2)";
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = tables.Events }, new() { Value = LeafColumns.Names } } };
        return (string[])(await command.ExecuteScalarAsync(stop))!;
    }

    static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(stop);
    }
}
