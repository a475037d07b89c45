using StreamSettle.Kernel.Ids;

namespace StreamSettle.Settlement.Facts;

/// <summary>Who recruited whom, as known now; the commission chain climbs it.</summary>
public interface IPromoterTree
{
    /// <summary>The promoter that recruited <paramref name="id"/>; null at the root.</summary>
    /// <returns>False when <paramref name="id"/> has no row: the chain ends with it.</returns>
    bool TryGetParent(PromoterId id, out PromoterId? parent);
}
