using System.Text;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten;

/// <summary>The rights of the roles that use the event log, as SQL for its owner.</summary>
public static class AuditGrants
{
    /// <summary>PostgreSQL cuts longer names off.</summary>
    const int MaxNameBytes = 63;

    /// <summary>SQL that may be run again at any time. It makes roles that are missing, takes from all of them all rights on the schema, and gives each what it needs.</summary>
    /// <param name="schema">The service's <c>Audit:Schema</c>.</param>
    /// <param name="auditor">May read everything, and nothing else.</param>
    /// <param name="writer">The service's role: reads, appends events, and moves what it keeps beside them.</param>
    /// <param name="projector">Reads, and keeps the views of projections; adds no event. Null where none run.</param>
    /// <exception cref="UserMistakeException">A name cannot be a role's, or one role is to be two of them.</exception>
    public static string Sql(string schema, string auditor, string writer, string? projector = null)
    {
        (string Option, string Role)[] roles = [("--auditor", auditor), ("--writer", writer), .. projector is null ? (IEnumerable<(string, string)>)[] : [("--projector", projector)]];
        string[] problems = [.. new AuditOptions { Schema = schema }.Problems("Audit").Where(problem => problem.Contains("Schema", StringComparison.Ordinal)), .. Problems(roles)];
        if (problems.Length > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, problems));
        }

        var texts = string.Join(", ", roles.Select(one => Text(one.Role)));
        var sql = new StringBuilder(
            $$"""
            -- Rights on the event log in schema "{{schema}}". Run it in the event log's database, as the owner of its tables:
            --   psql --single-transaction --set ON_ERROR_STOP=1 --file FILE
            -- It may be run again at any time, and has to be after a release that brings new tables. Roles that it makes have no password yet.
            do $roles$
            begin

            """);
        foreach (var (_, role) in roles)
        {
            sql.Append(
                $"""
                    if not exists (select from pg_roles where rolname = {Text(role)}) then
                        create role {Name(role)} login;
                    end if;

                """);
        }

        sql.Append(
            $$"""
                if exists (
                    select from pg_class c, pg_roles r
                     where c.relnamespace = '"{{schema}}"'::regnamespace and r.rolname in ({{texts}}) and pg_has_role(r.oid, c.relowner, 'member')) then
                    raise exception 'One of the roles owns tables of the event log, or may act as their owner: no right can be kept from it.'
                        using hint = 'Name another role, and keep the owner for migrations alone.';
                end if;
                execute format('grant connect on database %I to {{string.Join(", ", roles.Select(_ => "%I"))}}', current_database(), {{texts}});
            end $roles$;


            """);
        foreach (var statement in Statements(new(schema), [.. roles.Select(one => Name(one.Role))]))
        {
            sql.Append(statement).AppendLine(";");
        }

        return sql.ToString();
    }

    /// <param name="names">Auditor, writer, and the projector where there is one.</param>
    static IEnumerable<string> Statements(Tables tables, string[] names)
    {
        var (schema, all) = ($"schema \"{tables.Schema}\"", string.Join(", ", names));
        foreach (var objects in (string[])[schema, $"all tables in {schema}", $"all sequences in {schema}"])
        {
            yield return $"revoke all on {objects} from public, {all}";
        }

        yield return $"grant usage on {schema} to {all}";
        yield return $"grant select on all tables in {schema} to {all}";
        foreach (var (wanted, role) in new[] { WriterRights.Of(tables), ProjectorRights.Of(tables) }.Zip(names.Skip(1)))
        {
            foreach (var (name, rights) in wanted.Where(one => one.Rights.Length > 0))
            {
                yield return $"grant {string.Join(", ", rights)} on {(name == tables.Sequence ? "sequence " : "")}{name} to {role}";
            }
        }
    }

    static IEnumerable<string> Problems((string Option, string Role)[] roles)
    {
        foreach (var (option, role) in roles)
        {
            if (role.Length == 0 || Encoding.UTF8.GetByteCount(role) > MaxNameBytes || role.Contains('\0', StringComparison.Ordinal)
                || role is "public" or "none" || role.StartsWith("pg_", StringComparison.Ordinal) || role.Contains('$', StringComparison.Ordinal))
            {
                yield return $"{option} must be a role's name: 1 to {MaxNameBytes} bytes, without $, not public, none or pg_..., but is '{role}'.";
            }
        }

        if (roles[0].Role == roles[1].Role)
        {
            yield return $"--auditor and --writer must be two roles, but both are '{roles[1].Role}': what may write proves nothing by reading.";
        }

        if (roles is [_, _, var projector] && (projector.Role == roles[0].Role || projector.Role == roles[1].Role))
        {
            yield return $"--projector must be a role of its own, but '{projector.Role}' is another one of them too: who appends has no need to alter views, and who reads none to write.";
        }
    }

    static string Name(string role) => $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static string Text(string role) => $"'{role.Replace("'", "''", StringComparison.Ordinal)}'";
}
