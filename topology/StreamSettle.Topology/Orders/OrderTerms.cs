using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Orders;

/// <summary>What a settlement rests on: the columns whose change reschedules it. Invoice and note are not among them.</summary>
static class OrderTerms
{
    public static bool Same(in OrderRow left, in OrderRow right) => left.Merchant == right.Merchant && SameBesidesMerchant(left, right);

    /// <summary>From the mark on the order stays with the merchant that it had, whatever the row says.</summary>
    public static bool SameBesidesMerchant(in OrderRow left, in OrderRow right) =>
        left.Promoter == right.Promoter
        && left.CarrierId == right.CarrierId
        && left.Gross == right.Gross
        && left.Shipping == right.Shipping
        && left.Refunded == right.Refunded
        && left.ExportRefund == right.ExportRefund
        && left.CompletedAt == right.CompletedAt
        && left.HasCategory == right.HasCategory
        && left.Category.SequenceEqual(right.Category)
        && left.Currency.SequenceEqual(right.Currency)
        && left.BuyerCountry.SequenceEqual(right.BuyerCountry);
}
