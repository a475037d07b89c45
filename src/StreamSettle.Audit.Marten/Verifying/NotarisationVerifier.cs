using System.Data;
using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Notaries;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>
/// Holds notarisations against the seals and events that they are of, against each other, and against what notaries gave. Whether seals and events are what was sealed is <see cref="EventLogVerifier"/>'s to say. Needs no more
/// than SELECT; sees one moment of the event log.
/// </summary>
public sealed class NotarisationVerifier : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-verify";
    const int WriteBufferBytes = 8 * 1024;

    readonly NpgsqlDataSource dataSource;
    readonly Tables tables;
    readonly NotarisationReader reader;

    /// <exception cref="UserMistakeException">An option breaks a rule.</exception>
    public NotarisationVerifier(AuditOptions options)
    {
        options.RequireSound();
        tables = new(options.Schema);
        reader = new(tables);
        dataSource = AuditSessions.Create(options.ConnectionString, ApplicationName, WriteBufferBytes);
    }

    /// <param name="evidence">Checks what notaries gave; what it cannot tell is counted as not checked.</param>
    /// <exception cref="UserMistakeException">The event log is not there, or may not be read.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public async Task<NotarisationVerdict> VerifyAsync(IEvidenceCheck evidence, CancellationToken stop)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(stop);
            await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
            if (await reader.UnreadAsync(connection, stop) is { } unread)
            {
                return new(unread, 0, 0, [], []);
            }

            var walk = new NotarisationWalk(connection, tables, evidence);
            for (var page = await reader.PageAsync(connection, 0, stop); page.Count > 0; page = await reader.PageAsync(connection, page[^1].Number, stop))
            {
                await walk.TakeAsync(page, stop);
            }

            walk.End();
            return new(null, walk.Count, await BehindAsync(connection, walk.LastSeal, stop), walk.Notaries, walk.Breaks);
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, tables.Schema) is { } translated)
        {
            throw translated;
        }
    }

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    /// <summary>Seals behind the last that notaries were given; those that say no more than what notaries did are given to none.</summary>
    async Task<long> BehindAsync(NpgsqlConnection connection, long lastSeal, CancellationToken stop)
    {
        var seals = new SealRows(tables);
        var (newest, last) = (await seals.LastAsync(connection, stop), await seals.FindAsync(connection, lastSeal, stop));
        return newest is null || (last is not null && !newest.Seal.HasMoreThan(last.Seal)) ? 0 : Math.Max(0, newest.Seal.Number - lastSeal);
    }
}
