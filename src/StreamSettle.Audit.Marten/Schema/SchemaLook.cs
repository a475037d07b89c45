using Npgsql;
using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Schema;

/// <summary>Looks at the event log's schema by the catalog, with no more rights than it finds.</summary>
internal static class SchemaLook
{
    static readonly IReadOnlyDictionary<SourcePartition, long> NoPositions = new Dictionary<SourcePartition, long>();

    const string Rights = """
        select current_user::text, current_database()::text, getdatabaseencoding(), current_setting('transaction_read_only') = 'on', has_database_privilege(current_database(), 'create'),
               n.oid is not null, coalesce(has_schema_privilege(n.oid, 'usage'), false), coalesce(has_schema_privilege(n.oid, 'create'), false)
          from (select to_regnamespace($1)::oid as oid) as n
        """;

    const string Select = "select";

    const string OfSequence = "select to_regclass($1) is not null, array(select r from unnest($2::text[]) as r where to_regclass($1) is not null and not has_sequence_privilege(to_regclass($1)::oid, r)), '{}'::text[]";

    /// <summary>A right such as <c>update (version)</c> is one on a column.</summary>
    const string OfTable = """
        with wanted as (select r, case when r like '%(%' then split_part(trim(r, ')'), '(', 2) end as col from unnest($2::text[]) as r),
        judged as (select *, col is not null and not exists (select from pg_attribute where attrelid = to_regclass($1) and attname = col and not attisdropped) as absent from wanted)
        select to_regclass($1) is not null,
               array(select r from judged
                      where to_regclass($1) is not null and not absent
                        and not case when col is null then has_table_privilege(to_regclass($1)::oid, r) else has_column_privilege(to_regclass($1)::oid, col, split_part(r, ' ', 1)) end),
               array(select distinct col from judged where to_regclass($1) is not null and absent)
        """;

    public static async Task<EventLogLook> ReadAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        var role = await RoleAsync(connection, tables, stop);
        if (role.ReadOnly)
        {
            throw new EnvironmentFailedException($"The event log's database {role.Database} takes no writes now: it is a standby, or in recovery. Name the primary in Audit:ConnectionString");
        }

        var relations = role.MayUse ? await RelationsAsync(connection, tables, WriterRights.Of(tables), stop) : [];
        List<string> problems = [.. Problems(tables.Schema, role), .. relations.SelectMany(relation => Problems(relation, role))];
        var state = new EventLogState(true, null);
        // What a later release added beside them is made by the start; what is in these says whose the event log is.
        string[] first = [tables.Streams, tables.Events, tables.Sequence, tables.Logs, tables.Positions];
        if (relations.Count == 0 || relations.Any(relation => relation.Missing.Length > 0 || (!relation.Exists && first.Contains(relation.Name))))
        {
            return new(false, state, NoPositions, problems);
        }

        var owner = await LogRegistry.OwnerAsync(connection, tables, stop);
        state = new(await LogRegistry.IsEmptyAsync(connection, tables, stop), owner?.Log);
        var positions = owner is { } known ? await new EventReader(tables).PositionsAsync(connection, known.Log.Identity, stop) : NoPositions;
        return new(true, state, positions, problems);
    }

    /// <summary>Why this role cannot do something with tables that are there, each with the remedy; empty when it can.</summary>
    /// <param name="wanted">By table, as <see cref="WriterRights"/> has them.</param>
    public static async Task<IReadOnlyList<string>> MissingAsync(NpgsqlConnection connection, Tables tables, IEnumerable<(string Name, string[] Rights)> wanted, CancellationToken stop)
    {
        var role = await RoleAsync(connection, tables, stop);
        var relations = role.MayUse ? await RelationsAsync(connection, tables, wanted, stop) : [];
        return [.. Problems(tables.Schema, role), .. relations.SelectMany(relation => Problems(relation, role))];
    }

    static IEnumerable<string> Problems(string schema, Role role)
    {
        if (role.Encoding != "UTF8")
        {
            yield return $"The event log's database {role.Database} has the encoding {role.Encoding}, which cannot hold every text. Name a database with ENCODING 'UTF8' in Audit:ConnectionString.";
        }

        if (!role.SchemaExists && !role.MayCreateSchema)
        {
            yield return $"The event log's role {role.Name} may not make schema '{schema}' in database {role.Database}. Run CREATE SCHEMA \"{schema}\" AUTHORIZATION \"{role.Name}\"; "
                + "or name another Audit:Schema.";
        }
        else if (role.SchemaExists && !role.MayUse)
        {
            yield return $"The event log's role {role.Name} may not use schema '{schema}'. Run GRANT USAGE, CREATE ON SCHEMA \"{schema}\" TO \"{role.Name}\"; or name another Audit:Schema.";
        }
    }

    static IEnumerable<string> Problems(Relation relation, Role role)
    {
        if (!relation.Exists && !role.MayCreate)
        {
            yield return $"The event log has no {relation.Name}, and its role {role.Name} may not make it. Run GRANT CREATE ON SCHEMA {relation.Name.Split('.')[0]} TO \"{role.Name}\"; "
                + "or start the service once with a role that may.";
        }
        else if (relation.Absent.Length > 0 && !role.MayCreate)
        {
            yield return $"The event log's {relation.Name} has no column {string.Join(", ", relation.Absent)}: it is of an earlier release, and its role {role.Name} may not make it. Start the service once as the owner of the tables.";
        }
        else if (relation.Exists && relation.Missing.Length > 0)
        {
            var kind = relation.IsSequence ? "SEQUENCE " : "";
            yield return $"The event log's role {role.Name} may not do all it must with {relation.Name}. Run GRANT {string.Join(", ", relation.Missing).ToUpperInvariant()} ON {kind}{relation.Name} TO \"{role.Name}\";";
        }
    }

    static async Task<Role> RoleAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Rights, connection) { Parameters = { new() { Value = $"\"{tables.Schema}\"" } } };
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return new(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4), row.GetBoolean(5), row.GetBoolean(6), row.GetBoolean(7));
    }

    static async Task<List<Relation>> RelationsAsync(NpgsqlConnection connection, Tables tables, IEnumerable<(string Name, string[] Rights)> wanted, CancellationToken stop)
    {
        List<Relation> found = [];
        foreach (var (name, rights) in wanted)
        {
            var isSequence = name == tables.Sequence;
            await using var command = new NpgsqlCommand(isSequence ? OfSequence : OfTable, connection)
            {
                Parameters = { new() { Value = name }, new() { Value = isSequence ? rights : [Select, .. rights] } },
            };
            await using var row = await command.ExecuteReaderAsync(stop);
            await row.ReadAsync(stop);
            found.Add(new(name, isSequence, row.GetBoolean(0), row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2)));
        }

        return found;
    }

    sealed record Role(string Name, string Database, string Encoding, bool ReadOnly, bool MayCreateSchema, bool SchemaExists, bool MayUse, bool MayCreate);

    sealed record Relation(string Name, bool IsSequence, bool Exists, string[] Missing, string[] Absent);
}
