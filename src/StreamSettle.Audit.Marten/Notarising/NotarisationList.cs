using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Notaries;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>Lists what notaries were given, as an auditor may read it.</summary>
public sealed class NotarisationList : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-notarisations";
    const int WriteBufferBytes = 8 * 1024;

    readonly NpgsqlDataSource dataSource;
    readonly Tables tables;

    /// <exception cref="UserMistakeException">An option breaks a rule.</exception>
    public NotarisationList(AuditOptions options)
    {
        options.RequireSound();
        tables = new(options.Schema);
        dataSource = AuditSessions.Create(options.ConnectionString, ApplicationName, WriteBufferBytes);
    }

    /// <param name="isOpen">Only what is not notarised, the oldest first; else the newest first.</param>
    /// <exception cref="UserMistakeException">The event log is not there, or may not be read.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public async Task<IReadOnlyList<NotarisationLine>> ReadAsync(bool isOpen, int most, CancellationToken stop)
    {
        var sql = $"""
            select n.number, n.kind || ' ' || n.subject, asked.notary, coalesce(s.kind, 'waiting'), coalesce(s.taken_at, n.planned_at), coalesce(s.evidence, '')
              from {tables.Notarisations} n cross join lateral unnest(n.notaries) as asked (notary)
              left join lateral (select kind, taken_at, evidence from {tables.NotarySteps} s where s.number = n.number and s.notary = asked.notary order by step desc limit 1) s on true
             where not $1 or s.kind is distinct from 'notarised'
             order by case when $1 then n.number else -n.number end, asked.notary limit $2
            """;
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(stop);
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0, Parameters = { new() { Value = isOpen }, new() { Value = most } } };
            await using var rows = await command.ExecuteReaderAsync(stop);
            List<NotarisationLine> found = [];
            while (await rows.ReadAsync(stop))
            {
                var (notary, evidence) = (rows.GetString(2), rows.GetString(5));
                found.Add(new(rows.GetInt64(0), rows.GetString(1), notary, rows.GetString(3), UtcInstant.From(rows.GetFieldValue<DateTimeOffset>(4)), notary == NotaryNames.TimeStamp ? "" : evidence));
            }

            return found;
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, tables.Schema) is { } translated)
        {
            throw translated;
        }
    }

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();
}
