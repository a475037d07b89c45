namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>A relation under one of the three names.</summary>
/// <param name="Oid">Another one under the same name has another.</param>
/// <param name="FileNode">Changes with every rewrite: an <c>ALTER TABLE</c> that changes a type, a <c>TRUNCATE</c>, a <c>VACUUM FULL</c>.</param>
/// <param name="Kind"><c>pg_class.relkind</c>: <c>r</c> for a table.</param>
/// <param name="Persistence"><c>p</c> permanent, <c>u</c> unlogged, <c>t</c> temporary.</param>
/// <param name="Identity"><c>pg_class.relreplident</c>: <c>d</c>, <c>f</c>, <c>i</c>, <c>n</c>.</param>
/// <param name="IdentityColumns">Columns of the index by which old rows are named; empty where there is none, and with <c>f</c>.</param>
/// <param name="UniqueColumns">Columns that are not null and unique by themselves.</param>
/// <param name="ImmediateColumns">Those of them that are unique at every instant. With a deferrable key two rows may have one key within a transaction.</param>
/// <param name="Children">Tables that inherit from it, for messages; null for none.</param>
/// <param name="RowSecurity">Row-level security hides rows from the role.</param>
/// <param name="MayReadSome">The role may read at least one column.</param>
internal sealed record TableFacts(
    uint Oid, uint FileNode, char Kind, char Persistence, char Identity, bool IsPartition, string Owner, bool MayOwn, bool MayUseSchema, bool MayRead, bool MayReadSome,
    bool RowSecurity, string? Children, IReadOnlySet<string> UniqueColumns, IReadOnlySet<string> ImmediateColumns,
    IReadOnlySet<string> IdentityColumns, IReadOnlyList<ColumnFacts> Columns)
{
    /// <summary>Functions of the triggers that fire when the shop writes.</summary>
    public IReadOnlySet<string> Triggers { get; init; } = new HashSet<string>();

    /// <summary>The same table with the same rows on disk and the same columns.</summary>
    public bool IsSameAs(TableFacts other) =>
        Oid == other.Oid && FileNode == other.FileNode
        && Columns.Select(column => (column.Name, column.TypeOid, column.Type)).SequenceEqual(other.Columns.Select(column => (column.Name, column.TypeOid, column.Type)));

    /// <summary>The columns by which changes tell a row from another one of its key; null where no two rows ever have one.</summary>
    public IReadOnlySet<string>? NamingOf(CapturedTable table) =>
        ImmediateColumns.Contains(table.KeyColumn) ? null
        : Identity == 'f' ? table.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal)
        : IdentityColumns;
}

/// <summary>A column of a table.</summary>
/// <param name="TypeOid">As Relation messages have it.</param>
/// <param name="Type">As SQL writes it: <c>character(3)</c>.</param>
/// <param name="BaseType">Name of the type itself, or of the one that a domain rests on: <c>bpchar</c>.</param>
/// <param name="IsDomain">Changes come as the domain's, which is none of the types that are known.</param>
/// <param name="BlankPadded">Length of a <c>character(n)</c>; null for other types.</param>
/// <param name="EnumLabels">Null where it is no enumeration.</param>
internal sealed record ColumnFacts(
    string Name, uint TypeOid, string Type, string BaseType, bool IsDomain, bool IsGenerated, int? BlankPadded, IReadOnlyList<string>? EnumLabels);
