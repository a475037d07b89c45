namespace StreamSettle.Sandbox.Shop;

/// <summary>Turns an order's fate into what happens to it after its completion, and when.</summary>
internal sealed class FatePlan(ShopOptions options, ShopWorld world)
{
    /// <summary>A changed key lands this far above the old one, out of the way of ids to come.</summary>
    public const long KeyShift = 1_000_000_000_000;

    /// <param name="completedAtUs">When it was completed, on the shop's own clock.</param>
    public IEnumerable<OrderEdit> After(ShopOrder order, long completedAtUs)
    {
        var luck = world.LuckOf(order.Id);
        var early = completedAtUs + (long)(options.EarlyWithin.TotalMicroseconds * luck.Unit() / 2);
        var edit = new OrderEdit(early, order.Id);
        return order.Fate switch
        {
            OrderFate.RefundedPartlyBefore => [edit with { Refunded = Part(order, ref luck, 0.05, 0.9) }],
            OrderFate.RefundedWhollyBefore => [edit with { Refunded = order.Gross, Status = luck.Chance(0.5) ? "REFUNDED" : null }],
            OrderFate.RefundedAfter => LateRefunds(order, completedAtUs, ref luck),
            OrderFate.CancelledAfterCompletion => [edit with { Status = "CANCELLED" }],
            OrderFate.Disputed => [edit with { Status = "DISPUTED" }],
            OrderFate.DisputedAndCompletedAgain =>
                [edit with { Status = "DISPUTED" }, edit with { AtUs = early + options.EarlyWithin.Ticks / TimeSpan.TicksPerMicrosecond / 2, Status = "COMPLETED" }],
            OrderFate.AmountEdited => [edit with { Gross = Math.Round(order.Gross * (decimal)(1.01 + luck.Unit()), order.Digits, MidpointRounding.ToPositiveInfinity) }],
            OrderFate.PromoterEdited => [edit with { PromoterId = 1 + luck.Below(Math.Max(1, world.Promoters.Count)) }],
            OrderFate.MerchantEdited => [edit with { MerchantId = luck.Pick(world.Merchants).Id }],
            OrderFate.Deleted => [edit with { Delete = true }],
            OrderFate.KeyChanged => [edit with { NewId = order.Id + KeyShift }],
            _ => [],
        };
    }

    List<OrderEdit> LateRefunds(ShopOrder order, long completedAtUs, ref SeededRandom luck)
    {
        var late = options.LateAfter.TotalMicroseconds;
        var at = completedAtUs + (long)(late * (1 + luck.Unit() / 2));
        var first = Part(order, ref luck, 0.05, 0.6);
        var whole = luck.Chance(0.3);
        var edits = new List<OrderEdit> { new(at, order.Id) { Refunded = whole ? order.Gross : first, Status = whole && luck.Chance(0.5) ? "REFUNDED" : null } };
        if (edits[0].Refunded < order.Gross && luck.Chance(0.3))
        {
            edits.Add(new(at + (long)(late * luck.Unit() / 2) + 1, order.Id) { Refunded = luck.Chance(0.5) ? order.Gross : Part(order, ref luck, 0.65, 0.95) });
        }

        return edits;
    }

    /// <summary>A share of the gross in whole minor units, at least one of them.</summary>
    static decimal Part(ShopOrder order, ref SeededRandom luck, double least, double most)
    {
        var unit = new decimal(1, 0, 0, false, (byte)order.Digits);
        return Math.Clamp(Math.Round(order.Gross * (decimal)(least + (most - least) * luck.Unit()), order.Digits), unit, order.Gross);
    }
}
