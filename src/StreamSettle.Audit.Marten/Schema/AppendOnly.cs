using Npgsql;

namespace StreamSettle.Audit.Marten.Schema;

/// <summary>
/// Triggers by which not even the tables' owner edits, removes or empties what stands in the event log, unless it takes them away first. Marten leaves triggers as
/// they are, and its appends pass: of a stream only version and timestamp move, and the version forwards.
/// </summary>
internal static class AppendOnly
{
    const string Trigger = "streamsettle_append_only";

    /// <summary>Of the function that all of them call, as the catalog has it.</summary>
    public const string Body = """

        begin
            raise exception '%.% is append-only: % is refused', tg_table_schema, tg_table_name, lower(tg_op)
                using errcode = 'insufficient_privilege', hint = 'What was recorded stays as it is. A mistake is mended by a further event.';
        end 
        """;

    const string Function = $"create function {{0}}() returns trigger language plpgsql as $body${Body}$body$;";

    // What a row of streams may never do. Marten's archiving is an edit too: readers would pass the events over.
    const string StreamEdit = "(new.id, new.type, new.created, new.tenant_id, new.is_archived) is distinct from (old.id, old.type, old.created, old.tenant_id, old.is_archived) or new.version < old.version";

    // A key may be wrapped anew and destroyed; one that is destroyed stays so, and none becomes another's.
    const string KeyEdit = "(new.key_id, new.merchant, new.generation, new.created_at) is distinct from (old.key_id, old.merchant, old.generation, old.created_at) or old.wrapped is null";

    /// <summary>Creates what is missing, in the caller's transaction; looks first, as making a trigger locks the table.</summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        var function = $"\"{tables.Schema}\".{Trigger}";
        await EnsureAsync(connection, $"select to_regproc('{function}') is null", Function.Replace("{0}", function, StringComparison.Ordinal), stop);
        foreach (var (name, fires, table, each) in Triggers(tables))
        {
            await EnsureAsync(
                connection,
                $"select not exists (select from pg_trigger where tgrelid = '{table}'::regclass and tgname = '{name}')",
                $"create trigger {name} before {fires} on {table} for each {each} execute function {function}()",
                stop);
        }
    }

    public static IEnumerable<(string Name, string Fires, string Table, string Each)> Triggers(Tables tables) =>
    [
        (Trigger, "update or delete or truncate", tables.Events, "statement"),
        (Trigger, "delete or truncate", tables.Streams, "statement"),
        (Trigger, "update or delete or truncate", tables.Leaves, "statement"),
        (Trigger, "update or delete or truncate", tables.Seals, "statement"),
        (Trigger, "delete or truncate", tables.Keys, "statement"),
        (Trigger, "update or delete or truncate", tables.Shreddings, "statement"),
        (Trigger, "update or delete or truncate", tables.Notarisations, "statement"),
        (Trigger, "update or delete or truncate", tables.NotarySteps, "statement"),
        ($"{Trigger}_row", "update", tables.Streams, $"row when ({StreamEdit})"),
        ($"{Trigger}_row", "update", tables.Keys, $"row when ({KeyEdit})"),
    ];

    static async Task EnsureAsync(NpgsqlConnection connection, string isMissing, string create, CancellationToken stop)
    {
        await using var look = new NpgsqlCommand(isMissing, connection);
        if (await look.ExecuteScalarAsync(stop) is true)
        {
            await using var command = new NpgsqlCommand(create, connection);
            await command.ExecuteNonQueryAsync(stop);
        }
    }
}
