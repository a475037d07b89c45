using StreamSettle.Kernel.Ids;
using StreamSettle.Settlement.Facts;

namespace StreamSettle.Settlement.Vectors;

/// <summary>Promoters as a case lists them: rows may lack, and parents may go round in circles.</summary>
internal sealed class PromoterRows(IReadOnlyDictionary<PromoterId, PromoterId?> parents) : IPromoterTree
{
    public static PromoterRows None { get; } = new(new Dictionary<PromoterId, PromoterId?>());

    public bool TryGetParent(PromoterId id, out PromoterId? parent) => parents.TryGetValue(id, out parent);
}
