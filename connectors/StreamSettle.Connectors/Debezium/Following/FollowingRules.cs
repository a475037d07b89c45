using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>
/// What server, tables, publication and slot must be like where Debezium reads them: the rules of the embedded capture, but for what is its own (that it makes the slot and
/// the publication, and goes on from its offset), and what Debezium needs besides. Pure.
/// </summary>
internal static class FollowingRules
{
    /// <param name="had">Whether a table had a column when it was first followed, by the column's place.</param>
    /// <param name="beats">The heartbeat's table; null where the connector's query is about another one.</param>
    public static IReadOnlyList<SourceFinding> Judge(
        SourceFacts source, EmbeddedCdcOptions options, IReadOnlyList<CapturedTable> tables, Func<CapturedTable, int, bool> had, HeartbeatTable? beats)
    {
        // Who replicates is Debezium's role, and the slot is its to make.
        List<SourceFinding> findings = [.. ServerRules.Judge(source.Server).Where(finding => finding.Subject != SourceSubject.Role)];
        foreach (var table in tables)
        {
            findings.AddRange(TableRules.Judge(table, source.Tables[table.Index], source.Server.User, at => had(table, at)));
            findings.AddRange(Deferrable(table, source.Tables[table.Index]));
        }

        findings.AddRange(source.Publication is { } publication
            ? PublicationRules.Judge(options.PublicationName, publication, tables)
            : [new(SourceSubject.Publication, $"the source has no publication {options.PublicationName}. Let the tables' owner run {CreateSql(options, tables, beats)}")]);
        findings.AddRange(beats is null ? [] : Heartbeat(beats, source, options));
        return findings;
    }

    /// <summary>The slot that Debezium has read by.</summary>
    /// <param name="read">Up to where everything was read.</param>
    public static string? SlotProblem(SlotState? slot, string name, string database, ulong read)
    {
        const string remedy = "What changed in between cannot be read from the source any more: docs/kafka.md, \"When the source cannot be followed on\".";
        return slot switch
        {
            null => $"the replication slot {name} is gone; it was dropped, or the server failed over without it, after {Slots.Lsn(read)}. {remedy}",
            _ when slot.Plugin != "pgoutput" || slot.Database != database =>
                $"the replication slot {name} is not Debezium's: plugin {slot.Plugin}, database {slot.Database}, expected pgoutput and {database}. Give the right Source:SlotName.",
            { WalStatus: "lost" } => $"the replication slot {name} has lost its WAL (wal_status = lost): Debezium was away longer than max_slot_wal_keep_size keeps. {remedy}",
            { ConfirmedLsn: { } confirmed } when confirmed > read =>
                $"the replication slot {name} stands at {Slots.Lsn(confirmed)}, but Debezium has read only up to {Slots.Lsn(read)}: somebody else reads the slot, has moved it or made it anew. {remedy}",
            _ => null,
        };
    }

    static IEnumerable<SourceFinding> Deferrable(CapturedTable table, TableFacts? found)
    {
        if (found is not null && found.UniqueColumns.Contains(table.KeyColumn) && !found.ImmediateColumns.Contains(table.KeyColumn))
        {
            yield return new(
                SourceSubject.Table,
                $"the key {table.KeyColumn} of {table.Name} is deferrable: two rows may have it within a transaction, and Debezium tells the deletion of the older one as if it were the newer one's. "
                + $"Make it one that is not: ALTER TABLE {table.Name.Quoted} DROP CONSTRAINT ..., ADD PRIMARY KEY ({TableName.Quote(table.KeyColumn)});");
        }
    }

    static IEnumerable<SourceFinding> Heartbeat(HeartbeatTable beats, SourceFacts source, EmbeddedCdcOptions options)
    {
        var (name, role) = (HeartbeatTable.Name, TableName.Quote(source.Server.User));
        if (!beats.Exists)
        {
            yield return new(SourceSubject.Table, $"the source has no table {name}, whose change by Debezium's heartbeat says how far an idle shop was read. Let an administrator run {HeartbeatTable.CreateSql}");
            yield break;
        }

        if (!beats.MayWrite)
        {
            yield return new(SourceSubject.Role, $"the source's role {source.Server.User} may not write {name}. Run GRANT SELECT, INSERT, UPDATE ON {name.Quoted} TO {role};");
        }

        if (source.Publication is { } publication && !publication.Tables.Contains(name))
        {
            yield return new(
                SourceSubject.Publication,
                $"the publication {options.PublicationName} does not publish {name}, so that Debezium's heartbeat moves nothing. Run ALTER PUBLICATION {TableName.Quote(options.PublicationName)} ADD TABLE {name.Quoted};");
        }
    }

    static string CreateSql(EmbeddedCdcOptions options, IReadOnlyList<CapturedTable> tables, HeartbeatTable? beats) =>
        Publication.CreateSql(options.PublicationName, [.. tables.Select(table => table.Name), .. beats is null ? (TableName[])[] : [HeartbeatTable.Name]]) + ";";
}
