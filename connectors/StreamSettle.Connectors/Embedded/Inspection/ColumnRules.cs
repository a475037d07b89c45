namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>What the columns that settlement reads must be like. Pure. A column that may be missing, and always was, reads as null.</summary>
internal static class ColumnRules
{
    /// <summary>The label that makes an order ours.</summary>
    const string Completed = "COMPLETED";

    const int CountryLength = 2;
    const int CurrencyLength = 3;

    /// <param name="had">Whether the table had a column when it was read, by the column's place.</param>
    public static IEnumerable<SourceFinding> Judge(CapturedTable table, TableFacts found, Func<int, bool> had)
    {
        for (var at = 0; at < table.Columns.Count; at++)
        {
            var column = table.Columns[at];
            if (Problem(table.Name, column, found.Columns.FirstOrDefault(there => there.Name == column.Name), had(at)) is { } problem)
            {
                yield return new(SourceSubject.Table, problem);
            }
        }
    }

    static string? Problem(TableName table, CapturedColumn column, ColumnFacts? found, bool had)
    {
        var quoted = TableName.Quote(column.Name);
        if (found is null)
        {
            var rename = $"Give it back, or give the column that holds it that name: ALTER TABLE {table.Quoted} RENAME COLUMN ... TO {quoted};";
            return column.Needed ? $"{table} has no column {column.Name}, which is needed. {rename}"
                : had ? $"{table} has no column {column.Name} any more, though it was read from it: it would count as empty. {rename} If the shop has given it up for good: "
                    + $"ALTER TABLE {table.Quoted} ADD COLUMN {quoted} ...; and leave it empty."
                : null;
        }

        if (found.IsGenerated)
        {
            return $"{table}.{column.Name} is a generated column, whose values are not in the WAL. Run ALTER TABLE {table.Quoted} ALTER COLUMN {quoted} DROP EXPRESSION; "
                + "and let the shop or a trigger fill it (a virtual column has to be made anew as an ordinary one).";
        }

        return Expected(column.Kind, found) is { } expected
            ? $"{table}.{column.Name} is of type {found.Type}, expected {expected}. Run ALTER TABLE {table.Quoted} ALTER COLUMN {quoted} TYPE ...;"
            : null;
    }

    /// <summary>What the type should be; null where it is good.</summary>
    static string? Expected(ColumnKind kind, ColumnFacts found)
    {
        var type = found.IsDomain ? "" : found.BaseType;
        return kind switch
        {
            ColumnKind.Integer => type is "int2" or "int4" or "int8" ? null : "bigint, integer or smallint itself, no domain",
            ColumnKind.Numeric => type is "numeric" or "int2" or "int4" or "int8" ? null : "numeric or a whole-number type itself, which are exact, no domain",
            ColumnKind.TimestampTz => type == "timestamptz" ? null : "timestamp with time zone (timestamptz) itself, no domain",
            ColumnKind.Boolean => type == "bool" ? null : "boolean itself, no domain",
            ColumnKind.Status => IsText(found, padded: null) || found.EnumLabels?.Contains(Completed) == true ? null : $"text, or an enumeration with the label {Completed}",
            ColumnKind.Country => IsText(found, CountryLength) ? null : $"text or character({CountryLength})",
            ColumnKind.Currency => IsText(found, CurrencyLength) ? null : $"text or character({CurrencyLength})",
            ColumnKind.Text => IsText(found, padded: null) || found.EnumLabels is not null ? null : "text, character varying or an enumeration",
            _ => null,
        };
    }

    /// <summary>A <c>character(n)</c> longer than what it holds is sent with its blanks, which match no rule.</summary>
    static bool IsText(ColumnFacts found, int? padded) => found.BaseType switch
    {
        "text" or "varchar" or "citext" => true,
        "bpchar" => found.BlankPadded == padded && padded is not null,
        _ => false,
    };
}
