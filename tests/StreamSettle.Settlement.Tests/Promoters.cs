using StreamSettle.Kernel.Ids;
using StreamSettle.Settlement.Facts;

namespace StreamSettle.Settlement.Tests;

/// <summary>Promoters as a test lays them out.</summary>
sealed class Promoters(params (long Id, long? Parent)[] rows) : IPromoterTree
{
    readonly Dictionary<long, long?> parents = rows.ToDictionary(row => row.Id, row => row.Parent);

    public static Promoters None { get; } = new();

    /// <summary>Each recruited by the next.</summary>
    public static Promoters Chain(params long[] ids) =>
        new([.. ids.Select((id, i) => (id, i + 1 < ids.Length ? ids[i + 1] : default(long?)))]);

    public bool TryGetParent(PromoterId id, out PromoterId? parent)
    {
        var isThere = parents.TryGetValue(id.Value, out var value);
        parent = value is { } there ? new PromoterId(there) : null;
        return isThere;
    }
}
