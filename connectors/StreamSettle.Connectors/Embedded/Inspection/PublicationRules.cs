namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>What the publication must publish: every change, every row and every column of the three tables under their own names. Pure.</summary>
internal static class PublicationRules
{
    public static IEnumerable<SourceFinding> Judge(string name, PublicationFacts found, IReadOnlyList<CapturedTable> tables)
    {
        var alter = $"ALTER PUBLICATION {TableName.Quote(name)}";
        foreach (var table in tables.Select(table => table.Name))
        {
            if (!found.Tables.Contains(table))
            {
                yield return Wrong($"the publication {name} does not publish {table}. Run {alter} ADD TABLE {table.Quoted};");
            }
            else if (found.Filtered.Contains(table) || found.Listed.Contains(table))
            {
                yield return Wrong(
                    $"the publication {name} leaves {(found.Filtered.Contains(table) ? "rows" : "columns")} of {table} out. "
                    + $"Run BEGIN; {alter} DROP TABLE {table.Quoted}; {alter} ADD TABLE {table.Quoted}; COMMIT;");
            }
        }

        if (!found.Publishes)
        {
            yield return Wrong($"the publication {name} leaves changes out. Run {alter} SET (publish = 'insert, update, delete, truncate');");
        }
    }

    /// <summary>The slot was read by it.</summary>
    public static IEnumerable<SourceFinding> Gone(string name, IReadOnlyList<CapturedTable> tables) =>
        [Wrong($"the publication {name} is gone from the source. Let the tables' owner run {Publication.CreateSql(name, tables)}; the tables are then read again.")];

    /// <summary>It is to be made at a first start: may it?</summary>
    public static IEnumerable<SourceFinding> MayBeMade(string name, SourceFacts source, IReadOnlyList<CapturedTable> tables)
    {
        if (source.Tables.Any(table => table is null) || (source.Server.MayCreate && source.Tables.All(table => table!.MayOwn)))
        {
            return [];
        }

        return [Wrong($"the source's role {source.Server.User} may not make the publication {name}, which needs CREATE on the database and the tables' ownership. "
            + $"Let the tables' owner run {Publication.CreateSql(name, tables)};")];
    }

    static SourceFinding Wrong(string message) => new(SourceSubject.Publication, message);
}
