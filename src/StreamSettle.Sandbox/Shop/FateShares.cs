namespace StreamSettle.Sandbox.Shop;

/// <summary>Shares of all orders, 0 to 1, that meet each fate; what is left over is completed and settled.</summary>
public sealed record FateShares
{
    public double RefundedPartlyBefore { get; init; } = 0.02;

    public double RefundedWhollyBefore { get; init; } = 0.01;

    public double RefundedAfter { get; init; } = 0.02;

    public double CancelledAfterCompletion { get; init; } = 0.005;

    public double NeverCompleted { get; init; } = 0.005;

    public double CancelledUnpaid { get; init; } = 0.005;

    public double Disputed { get; init; } = 0.004;

    public double DisputedAndCompletedAgain { get; init; } = 0.004;

    public double AmountEdited { get; init; } = 0.005;

    public double PromoterEdited { get; init; } = 0.004;

    public double MerchantEdited { get; init; } = 0.003;

    public double Deleted { get; init; } = 0.002;

    public double KeyChanged { get; init; } = 0.0005;

    /// <summary>Rows that no program can settle, spread evenly over their kinds. Default 0: the demo switches them on.</summary>
    public double Poison { get; init; }

    /// <summary>Every order is completed and settled, nothing else happens.</summary>
    public static FateShares None { get; } = new()
    {
        RefundedPartlyBefore = 0, RefundedWhollyBefore = 0, RefundedAfter = 0, CancelledAfterCompletion = 0, NeverCompleted = 0, CancelledUnpaid = 0,
        Disputed = 0, DisputedAndCompletedAgain = 0, AmountEdited = 0, PromoterEdited = 0, MerchantEdited = 0, Deleted = 0, KeyChanged = 0,
    };

    /// <summary>One message for each rule that is broken; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        foreach (var (fate, share) in Table().Where(row => row.Share is not (>= 0 and <= 1)))
        {
            yield return $"{section}: the share of {fate} must be 0 to 1, but is {share}.";
        }

        var sum = Table().Sum(row => row.Share);
        if (sum > 1)
        {
            yield return $"{section}: the shares must be at most 1 together, but are {sum}.";
        }
    }

    internal IReadOnlyList<(OrderFate Fate, double Share)> Table() =>
    [
        (OrderFate.RefundedPartlyBefore, RefundedPartlyBefore), (OrderFate.RefundedWhollyBefore, RefundedWhollyBefore), (OrderFate.RefundedAfter, RefundedAfter),
        (OrderFate.CancelledAfterCompletion, CancelledAfterCompletion), (OrderFate.NeverCompleted, NeverCompleted), (OrderFate.CancelledUnpaid, CancelledUnpaid),
        (OrderFate.Disputed, Disputed), (OrderFate.DisputedAndCompletedAgain, DisputedAndCompletedAgain), (OrderFate.AmountEdited, AmountEdited),
        (OrderFate.PromoterEdited, PromoterEdited), (OrderFate.MerchantEdited, MerchantEdited), (OrderFate.Deleted, Deleted), (OrderFate.KeyChanged, KeyChanged),
        (OrderFate.UnknownCurrency, Poison / 4), (OrderFate.NegativeShipping, Poison / 4), (OrderFate.NoCompletedAt, Poison / 4), (OrderFate.UnknownMerchant, Poison / 4),
    ];
}
