using Npgsql;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;

namespace StreamSettle.Audit.Tests.Marten;

/// <summary>An event log as its owner made it, and as the roles reach it that <see cref="AuditGrants"/> gives rights to.</summary>
sealed record AuditRoles(AuditOptions Owner, AuditOptions Writer, AuditOptions Auditor, AuditOptions Projector)
{
    /// <summary>Roles are the server's, so each database has its own.</summary>
    public static async Task<AuditRoles> NewAsync(PostgresFixture postgres)
    {
        var owner = await postgres.NewDatabaseAsync();
        await using (var log = new MartenEventLog(owner))
        {
            await log.OpenAsync(CancellationToken.None);
        }

        return Grant(owner);
    }

    public static AuditRoles Grant(AuditOptions owner)
    {
        var database = new NpgsqlConnectionStringBuilder(owner.ConnectionString).Database;
        var (writer, auditor, projector) = ($"Writer's {database}", $"auditor %I \"{database}\"", $"projector {database}");
        PostgresFixture.Execute(owner, AuditGrants.Sql(owner.Schema, auditor, writer, projector));
        return new(owner, As(owner, writer), As(owner, auditor), As(owner, projector));
    }

    public static AuditOptions As(AuditOptions owner, string role)
    {
        const string password = "secret";
        PostgresFixture.Execute(owner, $"alter role \"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\" password '{password}'");
        return owner with { ConnectionString = new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Username = role, Password = password }.ConnectionString };
    }
}
