using System.Text;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten;

/// <summary>The rights of the two roles that use the event log, as SQL for its owner.</summary>
public static class AuditGrants
{
    /// <summary>PostgreSQL cuts longer names off.</summary>
    const int MaxNameBytes = 63;

    /// <summary>SQL that may be run again at any time. It makes roles that are missing, takes from both all rights on the schema, and gives each what it needs.</summary>
    /// <param name="schema">The service's <c>Audit:Schema</c>.</param>
    /// <param name="auditor">May read everything, and nothing else.</param>
    /// <param name="writer">The service's role: reads, appends events, and moves what it keeps beside them.</param>
    /// <exception cref="UserMistakeException">A name cannot be a role's, or one role is to be both.</exception>
    public static string Sql(string schema, string auditor, string writer)
    {
        string[] problems = [.. new AuditOptions { Schema = schema }.Problems("Audit").Where(problem => problem.Contains("Schema", StringComparison.Ordinal)), .. Problems(auditor, writer)];
        if (problems.Length > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, problems));
        }

        var (reads, writes) = (Name(auditor), Name(writer));
        var sql = new StringBuilder(
            $$"""
            -- Rights on the event log in schema "{{schema}}". Run it in the event log's database, as the owner of its tables:
            --   psql --single-transaction --set ON_ERROR_STOP=1 --file FILE
            -- It may be run again at any time, and has to be after a release that brings new tables. Roles that it makes have no password yet.
            do $roles$
            begin
                if not exists (select from pg_roles where rolname = {{Text(auditor)}}) then
                    create role {{reads}} login;
                end if;
                if not exists (select from pg_roles where rolname = {{Text(writer)}}) then
                    create role {{writes}} login;
                end if;
                if exists (
                    select from pg_class c, pg_roles r
                     where c.relnamespace = '"{{schema}}"'::regnamespace and r.rolname in ({{Text(auditor)}}, {{Text(writer)}}) and pg_has_role(r.oid, c.relowner, 'member')) then
                    raise exception 'One of the two roles owns tables of the event log, or may act as their owner: no right can be kept from it.'
                        using hint = 'Name another role, and keep the owner for migrations alone.';
                end if;
                execute format('grant connect on database %I to %I, %I', current_database(), {{Text(auditor)}}, {{Text(writer)}});
            end $roles$;


            """);
        foreach (var statement in Statements(new(schema), reads, writes))
        {
            sql.Append(statement).AppendLine(";");
        }

        return sql.ToString();
    }

    static IEnumerable<string> Statements(Tables tables, string reads, string writes)
    {
        var schema = $"schema \"{tables.Schema}\"";
        foreach (var objects in (string[])[schema, $"all tables in {schema}", $"all sequences in {schema}"])
        {
            yield return $"revoke all on {objects} from public, {reads}, {writes}";
        }

        yield return $"grant usage on {schema} to {reads}, {writes}";
        yield return $"grant select on all tables in {schema} to {reads}, {writes}";
        foreach (var (name, rights) in WriterRights.Of(tables))
        {
            yield return $"grant {string.Join(", ", rights)} on {(name == tables.Sequence ? "sequence " : "")}{name} to {writes}";
        }
    }

    static IEnumerable<string> Problems(string auditor, string writer)
    {
        foreach (var (option, role) in new[] { ("--auditor", auditor), ("--writer", writer) })
        {
            if (role.Length == 0 || Encoding.UTF8.GetByteCount(role) > MaxNameBytes || role.Contains('\0', StringComparison.Ordinal)
                || role is "public" or "none" || role.StartsWith("pg_", StringComparison.Ordinal) || role.Contains('$', StringComparison.Ordinal))
            {
                yield return $"{option} must be a role's name: 1 to {MaxNameBytes} bytes, without $, not public, none or pg_..., but is '{role}'.";
            }
        }

        if (auditor == writer)
        {
            yield return $"--auditor and --writer must be two roles, but both are '{writer}': what may write proves nothing by reading.";
        }
    }

    static string Name(string role) => $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static string Text(string role) => $"'{role.Replace("'", "''", StringComparison.Ordinal)}'";
}
