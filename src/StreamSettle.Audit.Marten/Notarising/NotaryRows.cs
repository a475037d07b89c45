using Npgsql;
using NpgsqlTypes;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Notaries;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>Reads and writes the rows of notarisations and of what notaries do with them. Both are only ever added to.</summary>
internal sealed class NotaryRows(Tables tables)
{
    readonly string newest = $"select statement from {tables.Notarisations} order by number desc limit 1";

    readonly string newestSeal = $"select subject from {tables.Notarisations} where kind = 'seal' order by subject desc limit 1";

    readonly string insert = $"""
        insert into {tables.Notarisations} (number, kind, subject, statement, notaries, planned_at)
        select number, kind, subject, statement, $5, $6 from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[]) as n (number, kind, subject, statement)
        """;

    readonly string insertStep = $"insert into {tables.NotarySteps} (number, notary, step, kind, evidence, taken_at) values ($1, $2, $3, $4, $5, $6)";

    readonly string open = $"""
        select n.number, n.statement, n.planned_at, s.step, s.kind, s.taken_at, s.evidence
          from (select number, statement, planned_at from {tables.Notarisations} n
                 where number >= $2 and $1 = any(notaries) and not exists (select from {tables.NotarySteps} d where d.number = n.number and d.notary = $1 and d.kind = 'notarised')
                 order by number limit $3) n
          left join {tables.NotarySteps} s on s.number = n.number and s.notary = $1
         order by n.number, s.step
        """;

    readonly string standing = $"""
        with waiting as (
            select planned_at from {tables.Notarisations} n
             where number >= $2 and $1 = any(notaries) and not exists (select from {tables.NotarySteps} d where d.number = n.number and d.notary = $1 and d.kind = 'notarised')),
        done as (select number, taken_at from {tables.NotarySteps} where notary = $1 and kind = 'notarised' order by number desc limit 1)
        select (select count(*) from waiting), (select min(planned_at) from waiting), (select number from done), (select taken_at from done),
               coalesce((select max(number) from {tables.Notarisations}), 0)
        """;

    /// <summary>Null before the first.</summary>
    /// <exception cref="CorruptStateException">It is not as it was written.</exception>
    public async Task<Notarisation?> NewestAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(newest, connection);
        return await command.ExecuteScalarAsync(stop) is string statement ? Read(statement) : null;
    }

    /// <summary>The number of the newest seal that is given to notaries; null before the first.</summary>
    public async Task<long?> NewestSealAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(newestSeal, connection);
        return await command.ExecuteScalarAsync(stop) as long?;
    }

    public async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<Notarisation> added, UtcInstant now, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(insert, connection)
        {
            Parameters =
            {
                new() { Value = added.Select(one => one.Number).ToArray() }, new() { Value = added.Select(one => StepKinds.Text(one.Kind)).ToArray() },
                new() { Value = added.Select(one => one.Subject).ToArray() }, new() { Value = added.Select(one => one.ToString()).ToArray() },
                new() { Value = added[0].Notaries.ToArray() }, Instant(now),
            },
        };
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>The step is the next only for one of several: whoever comes second with the same number is refused.</summary>
    public async Task InsertStepAsync(NpgsqlConnection connection, long number, string notary, NotaryStep step, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(insertStep, connection)
        {
            Parameters =
            {
                new() { Value = number }, new() { Value = notary }, new() { Value = step.Number }, new() { Value = StepKinds.Text(step.Kind) }, new() { Value = step.Evidence }, Instant(step.At),
            },
        };
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>What a notary has still to do, the oldest first.</summary>
    /// <param name="from">All before it is done.</param>
    public async Task<List<NotaryCase>> OpenAsync(NpgsqlConnection connection, string notary, long from, int most, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(open, connection) { CommandTimeout = 0, Parameters = { new() { Value = notary }, new() { Value = from }, new() { Value = most } } };
        await using var rows = await command.ExecuteReaderAsync(stop);
        List<NotaryCase> found = [];
        List<NotaryStep> steps = [];
        while (await rows.ReadAsync(stop))
        {
            if (found.Count == 0 || found[^1].Number != rows.GetInt64(0))
            {
                found.Add(new(rows.GetInt64(0), rows.GetString(1), UtcInstant.From(rows.GetFieldValue<DateTimeOffset>(2)), steps = []));
            }

            if (!rows.IsDBNull(3))
            {
                steps.Add(new(rows.GetInt32(3), StepKinds.Read(rows.GetString(4)), UtcInstant.From(rows.GetFieldValue<DateTimeOffset>(5)), rows.GetString(6)));
            }
        }

        return found;
    }

    /// <summary>How many are open and since when, and the last that is done; beside it the newest of all.</summary>
    /// <param name="from">All before it is done.</param>
    public async Task<(NotaryStanding Standing, long Newest)> StandingAsync(NpgsqlConnection connection, string notary, long from, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(standing, connection) { CommandTimeout = 0, Parameters = { new() { Value = notary }, new() { Value = from } } };
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return (new(row.GetInt64(0), At(1), row.IsDBNull(2) ? null : row.GetInt64(2), At(3)), row.GetInt64(4));

        UtcInstant? At(int column) => row.IsDBNull(column) ? null : UtcInstant.From(row.GetFieldValue<DateTimeOffset>(column));
    }

    /// <exception cref="CorruptStateException">The statement is not as it was written.</exception>
    public static Notarisation Read(string statement) => Notarisation.Read(statement)
        ?? throw new CorruptStateException("a notarisation in the event log is not as it was written. See 'streamsettle audit verify'");

    static NpgsqlParameter Instant(UtcInstant at) => new() { Value = at.ToDateTimeOffset().UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
