namespace StreamSettle.Connectors.Debezium;

/// <summary>What the shop calls the columns of its promoters; the defaults are those of <c>contract/source.sql</c>.</summary>
public sealed record PromoterColumns
{
    internal const int Parent = 1;

    public string PromoterId { get; init; } = "promoter_id";

    public string ParentId { get; init; } = "parent_id";

    internal IReadOnlyList<string> InOrder => [PromoterId, ParentId];
}
