namespace StreamSettle.Connectors.Embedded;

/// <summary>Which tables are read.</summary>
public sealed record CdcTables
{
    public TableName Orders { get; init; } = new("public", "orders");

    public TableName Merchants { get; init; } = new("public", "merchants");

    public TableName Promoters { get; init; } = new("public", "promoters");
}
