using Npgsql;
using StreamSettle.Audit.Marten.Schema;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>Reads notarisations with what notaries gave, some at a time.</summary>
internal sealed class NotarisationReader(Tables tables)
{
    const int PageRows = 1000;

    readonly string page = $"""
        select n.number, n.kind, n.subject, n.statement, n.notaries, s.notary, count(s.step)::integer, max(s.evidence) filter (where s.kind = 'notarised')
          from (select * from {tables.Notarisations} where number > $1 order by number limit {PageRows}) n
          left join {tables.NotarySteps} s on s.number = n.number
         group by n.number, n.kind, n.subject, n.statement, n.notaries, s.notary
         order by n.number
        """;

    /// <summary>Null where they can be read; else why not.</summary>
    public async Task<string?> UnreadAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        const string sql = "select bool_and(to_regclass(t) is not null), bool_and(coalesce(has_table_privilege(to_regclass(t), 'select'), false)) from unnest($1::text[]) as t";
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = (string[])[tables.Notarisations, tables.NotarySteps] } } };
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return !row.GetBoolean(0) ? "the event log has no table of them: it is of an earlier release"
            : !row.GetBoolean(1) ? $"this role may not read {tables.Notarisations} and {tables.NotarySteps}: let the owner run what 'audit grants' prints again" : null;
    }

    /// <summary>Those behind a number, in their order; none when there are no more.</summary>
    public async Task<List<NotarisationRow>> PageAsync(NpgsqlConnection connection, long after, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(page, connection) { CommandTimeout = 0, Parameters = { new() { Value = after } } };
        await using var rows = await command.ExecuteReaderAsync(stop);
        List<NotarisationRow> found = [];
        Dictionary<string, (int, string?)> given = [];
        while (await rows.ReadAsync(stop))
        {
            if (found.Count == 0 || found[^1].Number != rows.GetInt64(0))
            {
                found.Add(new(rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2), rows.GetString(3), rows.GetFieldValue<string[]>(4), given = []));
            }

            if (!rows.IsDBNull(5))
            {
                given[rows.GetString(5)] = (rows.GetInt32(6), rows.IsDBNull(7) ? null : rows.GetString(7));
            }
        }

        return found;
    }
}
