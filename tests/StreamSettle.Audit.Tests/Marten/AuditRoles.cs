using Npgsql;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;

namespace StreamSettle.Audit.Tests.Marten;

/// <summary>An event log as its owner made it, and as the two roles reach it that <see cref="AuditGrants"/> gives rights to.</summary>
sealed record AuditRoles(AuditOptions Owner, AuditOptions Writer, AuditOptions Auditor)
{
    /// <summary>Roles are the server's, so each database has its own pair.</summary>
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
        var (writer, auditor) = ($"Writer's {database}", $"auditor %I \"{database}\"");
        PostgresFixture.Execute(owner, AuditGrants.Sql(owner.Schema, auditor, writer));
        return new(owner, As(owner, writer), As(owner, auditor));
    }

    public static AuditOptions As(AuditOptions owner, string role)
    {
        const string password = "secret";
        PostgresFixture.Execute(owner, $"alter role \"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\" password '{password}'");
        return owner with { ConnectionString = new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Username = role, Password = password }.ConnectionString };
    }
}
