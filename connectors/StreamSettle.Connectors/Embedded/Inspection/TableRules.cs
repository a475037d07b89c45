using StreamSettle.Connectors.Debezium.Outbox;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>What a table must be like so that its copy and its changes are all of it. Pure.</summary>
internal static class TableRules
{
    /// <param name="had">Whether it had a column when it was read, by the column's place.</param>
    public static IEnumerable<SourceFinding> Judge(CapturedTable table, TableFacts? found, string user, Func<int, bool> had)
    {
        if (found is null)
        {
            return [Wrong(table.IsOutbox ? $"the source has no table {table.Name}. Let its owner run connectors/shop-outbox.sql, or set Source:Outbox to false." : $"the source has no table {table.Name}. Give the database with the shop's tables in Source:ConnectionString, or give the table that name.")];
        }

        return Form(table.Name, found) is { } form
            ? [Wrong(form)]
            : [.. Rights(table.Name, found, user), .. Completeness(table.Name, found, user), .. Identity(table, found), .. Place(table, found), .. ColumnRules.Judge(table, found, had)];
    }

    /// <summary>Why this is no table of its own.</summary>
    static string? Form(TableName name, TableFacts found) => found switch
    {
        { Kind: not 'r' } => $"{name} is no ordinary table but {KindName(found.Kind)}, whose rows do not come as its own changes. Let {name} be the table that the shop writes to.",
        { IsPartition: true } => $"{name} is a partition: the rows of its siblings would be missing. Let {name} be a table of its own that holds all rows.",
        { Persistence: 'u' } => $"{name} is unlogged, so that its changes are not in the WAL. Run ALTER TABLE {name.Quoted} SET LOGGED;",
        { Persistence: 't' } => $"{name} is a temporary table, so that its changes are not in the WAL. Make it a permanent one.",
        _ => null,
    };

    static string KindName(char kind) => kind switch
    {
        'p' => "a partitioned table",
        'v' => "a view",
        'm' => "a materialized view",
        'f' => "a foreign table",
        _ => $"something else (relkind {kind})",
    };

    static IEnumerable<SourceFinding> Rights(TableName name, TableFacts found, string user)
    {
        var role = TableName.Quote(user);
        if (!found.MayUseSchema)
        {
            yield return new(SourceSubject.Role, $"the source's role {user} may not use schema {name.Schema}. Run GRANT USAGE ON SCHEMA {TableName.Quote(name.Schema)} TO {role};");
        }

        if (!found.MayRead)
        {
            yield return new(
                SourceSubject.Role,
                $"the source's role {user} may not read {(found.MayReadSome ? $"all columns of {name}, only some" : name)}. Run GRANT SELECT ON {name.Quoted} TO {role};");
        }
    }

    static IEnumerable<SourceFinding> Completeness(TableName name, TableFacts found, string user)
    {
        if (found.RowSecurity)
        {
            yield return Wrong(
                $"{name} has row-level security, which hides rows from the role {user}. Run ALTER ROLE {TableName.Quote(user)} BYPASSRLS; "
                + $"or ALTER TABLE {name.Quoted} DISABLE ROW LEVEL SECURITY;");
        }

        if (found.Children is { } children)
        {
            yield return Wrong(
                $"{name} has tables that inherit from it ({children}), whose rows would be missing. Move their rows into {name}, and run ALTER TABLE ... NO INHERIT {name.Quoted}; for each.");
        }
    }

    static IEnumerable<SourceFinding> Identity(CapturedTable table, TableFacts found)
    {
        var (name, key) = (table.Name, TableName.Quote(table.KeyColumn));
        if (!found.UniqueColumns.Contains(table.KeyColumn))
        {
            yield return Wrong(
                $"{name}.{table.KeyColumn} keys the records, but it is neither the primary key nor unique and not null by itself. Run ALTER TABLE {name.Quoted} ADD PRIMARY KEY ({key});");
        }

        if (found.Identity == 'f')
        {
            yield break;
        }

        if (table.NeedsFullIdentity)
        {
            yield return Wrong(
                $"{name} does not have REPLICA IDENTITY FULL, so that changes would come without the row before them and without large values. "
                + $"Run ALTER TABLE {name.Quoted} REPLICA IDENTITY FULL;");
        }
        else if (!found.IdentityColumns.Contains(table.KeyColumn))
        {
            yield return Wrong(
                $"{name} has REPLICA IDENTITY {IdentityName(found.Identity)}, which does not tell {table.KeyColumn} of a changed or deleted row. "
                + $"Run ALTER TABLE {name.Quoted} REPLICA IDENTITY FULL; or, where {table.KeyColumn} is an ordinary primary key, REPLICA IDENTITY DEFAULT;");
        }
    }

    /// <summary>Of an outbox: without a place an event that comes again would undo what came after it.</summary>
    static IEnumerable<SourceFinding> Place(CapturedTable table, TableFacts found)
    {
        if (table.IsOutbox && !found.Triggers.Contains(OutboxTable.PlaceFunction))
        {
            yield return Wrong($"{table.Name} has no trigger that calls {OutboxTable.PlaceFunction}, or it is disabled, so that its events have no place. Make it as connectors/shop-outbox.sql does.");
        }
    }

    static string IdentityName(char identity) => identity switch
    {
        'n' => "NOTHING",
        'i' => "USING INDEX of other columns",
        _ => "DEFAULT without a primary key that is not deferrable",
    };

    static SourceFinding Wrong(string message) => new(SourceSubject.Table, message);
}
