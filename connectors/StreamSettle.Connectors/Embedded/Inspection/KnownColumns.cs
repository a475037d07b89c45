namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>
/// Which of the columns that settlement reads the tables had when they were read, as a bit for each in the order of the tables and their columns. A column that a
/// shop never had reads as null; one that it had and has no more would be a value that is lost.
/// </summary>
internal static class KnownColumns
{
    public static ulong Of(IReadOnlyList<CapturedTable> tables, IReadOnlyList<TableFacts?> found)
    {
        var known = 0UL;
        foreach (var table in tables)
        {
            for (var at = 0; at < table.Columns.Count; at++)
            {
                known |= found[table.Index]?.Columns.Any(there => there.Name == table.Columns[at].Name) == true ? Bit(tables, table, at) : 0;
            }
        }

        return known;
    }

    public static bool Has(ulong known, IReadOnlyList<CapturedTable> tables, CapturedTable table, int at) => (known & Bit(tables, table, at)) != 0;

    static ulong Bit(IReadOnlyList<CapturedTable> tables, CapturedTable table, int at) => 1UL << (tables.Take(table.Index).Sum(before => before.Columns.Count) + at);
}
