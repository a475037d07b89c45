namespace StreamSettle.Connectors.Embedded;

/// <summary>A table of the source.</summary>
public sealed record TableName(string Schema, string Name)
{
    /// <summary>For SQL.</summary>
    internal string Quoted => $"{Quote(Schema)}.{Quote(Name)}";

    public override string ToString() => $"{Schema}.{Name}";

    internal static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>Which tables are read.</summary>
public sealed record CdcTables
{
    public TableName Orders { get; init; } = new("public", "orders");

    public TableName Merchants { get; init; } = new("public", "merchants");

    public TableName Promoters { get; init; } = new("public", "promoters");
}
