namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>What the server and the role must be like. Pure.</summary>
internal static class ServerRules
{
    /// <summary>The first version whose pgoutput sends logical messages.</summary>
    const int OldestVersion = 140_000;

    public static IEnumerable<SourceFinding> Judge(ServerFacts server)
    {
        if (server.Version < OldestVersion)
        {
            yield return Server($"the source is PostgreSQL {server.Version / 10_000}; following its changes needs 14 or newer.");
        }

        if (server.InRecovery)
        {
            yield return Server("the source is a standby, which takes neither a publication nor a mark of ours. Give Source:ConnectionString the primary's host.");
        }

        if (server.WalLevel != "logical")
        {
            yield return Server(
                $"the source has wal_level = {server.WalLevel}, and following its changes needs logical. Run ALTER SYSTEM SET wal_level = logical; and restart PostgreSQL.");
        }

        if (!server.ConvertsToUtf8)
        {
            yield return Server(
                $"the source's database {server.Database} has the encoding {server.Encoding}, of which nobody can say what its texts mean in UTF-8. "
                + $"Dump it and restore it into a database with an encoding of its own: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0;");
        }

        if (!server.MayReplicate)
        {
            yield return new(SourceSubject.Role, $"the source's role {server.User} may not replicate. Run ALTER ROLE {TableName.Quote(server.User)} REPLICATION;");
        }
    }

    static SourceFinding Server(string message) => new(SourceSubject.Server, message);
}
