using Npgsql;

namespace StreamSettle.Audit.Marten.Schema;

/// <summary>Whether what keeps the event log append-only is in force: triggers, their function, and what roles beside the owner may do.</summary>
internal static class Guards
{
    const string Triggers = """
        select w.name, w.tab, t.tgenabled::text, coalesce(p.prosrc, '') = $3
          from unnest($1::text[], $2::text[]) as w (name, tab)
          left join pg_trigger t on t.tgrelid = to_regclass(w.tab) and t.tgname = w.name
          left join pg_proc p on p.oid = t.tgfoid
         where to_regclass(w.tab) is not null and (t.oid is null or t.tgenabled not in ('O', 'A') or p.prosrc is distinct from $3)
        """;

    const string Rules = "select r.rulename::text, r.tablename::text from pg_rules r where r.schemaname = $1 and format('%I.%I', r.schemaname, r.tablename)::regclass = any (select to_regclass(t) from unnest($2::text[]) as t) order by 1";

    // Rights that nobody but the owner has after 'audit grants': on whole tables, and on columns.
    const string Widened = """
        select w.tab, case a.grantee when 0 then 'everybody (public)' else pg_get_userbyid(a.grantee)::text end, string_agg(a.privilege_type, ', ' order by a.privilege_type)
          from unnest($1::text[]) as w (tab)
          join pg_class c on c.oid = to_regclass(w.tab)
          cross join lateral (
              select grantee, privilege_type from aclexplode(c.relacl) where privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
              union all
              select x.grantee, x.privilege_type || ' (' || t.attname || ')' from pg_attribute t cross join lateral aclexplode(t.attacl) x
               where t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped and x.privilege_type = 'UPDATE' and w.tab || '.' || t.attname <> all ($2)) a
         where a.grantee <> c.relowner
         group by 1, 2 order by 1, 2
        """;

    /// <summary>What is not as it must be, each in words with the remedy; empty when all is.</summary>
    /// <param name="madeByStart">What is missing is made by the next start, and is no problem.</param>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(NpgsqlConnection connection, Tables tables, bool madeByStart, CancellationToken stop)
    {
        string[] guarded = [.. AppendOnly.Triggers(tables).Select(one => one.Table).Distinct()];
        List<string> problems = [];
        await using (var command = new NpgsqlCommand(Triggers, connection)
        {
            Parameters =
            {
                new() { Value = AppendOnly.Triggers(tables).Select(one => one.Name).ToArray() }, new() { Value = AppendOnly.Triggers(tables).Select(one => one.Table).ToArray() }, new() { Value = AppendOnly.Body },
            },
        })
        await using (var rows = await command.ExecuteReaderAsync(stop))
        {
            while (await rows.ReadAsync(stop))
            {
                var (name, table) = (rows.GetString(0), rows.GetString(1));
                if (rows.IsDBNull(2) && madeByStart)
                {
                    continue;
                }

                problems.Add(
                    rows.IsDBNull(2) ? $"trigger {name} of {table} is missing: a start as the owner makes it anew"
                    : rows.GetString(2) is not ("O" or "A") ? $"trigger {name} of {table} is disabled. Run ALTER TABLE {table} ENABLE TRIGGER {name}; and find out who disabled it"
                    : $"the function of trigger {name} of {table} is another than this release makes: it may let through what it is to refuse");
            }
        }

        await using (var command = new NpgsqlCommand(Rules, connection) { Parameters = { new() { Value = tables.Schema }, new() { Value = guarded } } })
        await using (var rows = await command.ExecuteReaderAsync(stop))
        {
            while (await rows.ReadAsync(stop))
            {
                problems.Add($"rule {rows.GetString(0)} rewrites what is done with {rows.GetString(1)}: the event log has none of its own");
            }
        }

        await WidenedAsync(connection, (tables, guarded), problems, stop);
        return problems;
    }

    static async Task WidenedAsync(NpgsqlConnection connection, (Tables Tables, string[] Guarded) of, List<string> problems, CancellationToken stop)
    {
        string[] allowed = [.. WriterRights.Of(of.Tables).SelectMany(one => one.Rights.Where(right => right.StartsWith("update (", StringComparison.Ordinal)).Select(right => $"{one.Name}.{right["update (".Length..^1]}"))];
        await using var command = new NpgsqlCommand(Widened, connection) { Parameters = { new() { Value = of.Guarded }, new() { Value = allowed } } };
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
        {
            problems.Add($"{rows.GetString(1)} may do more with {rows.GetString(0)} than append: {rows.GetString(2)}. Take it back (REVOKE), or run what 'audit grants' prints for that role");
        }
    }
}
