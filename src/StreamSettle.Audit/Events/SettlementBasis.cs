using System.Text.Json.Serialization;

namespace StreamSettle.Audit.Events;

/// <summary>
/// What a division of money rested on beside the amounts that the event has anyway: with them it can be divided again from the event alone, under the same rules or others,
/// whatever has become of the source's rows meanwhile.
/// </summary>
/// <param name="BuyerCountry">The column's text.</param>
/// <param name="Shipping">Part of the gross, minor units.</param>
/// <param name="SoldAbroad">The column <c>export_refund</c>: input tax can be claimed back.</param>
/// <param name="Promoters">The order's promoter, then who recruited whom, as known at the calculation; at most <see cref="MostPromoters"/>, and fewer means that the chain ended there.</param>
/// <param name="Category">Null where the column was.</param>
/// <param name="Tier">The merchant's.</param>
/// <param name="CarrierId">Null for no carrier.</param>
public sealed record SettlementBasis(
    string BuyerCountry, long Shipping, bool SoldAbroad, IReadOnlyList<long> Promoters,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Category = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tier = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? CarrierId = null)
{
    /// <summary>A chain is not followed further: rules with more levels than this cannot be tried on orders whose chain is this long.</summary>
    public const int MostPromoters = 8;
}
