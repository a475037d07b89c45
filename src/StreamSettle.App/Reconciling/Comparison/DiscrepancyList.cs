namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>Collects what is found about one order.</summary>
sealed class DiscrepancyList(ComparedOrder order)
{
    readonly List<Discrepancy> items = [];

    public IReadOnlyList<Discrepancy> Items => items;

    public void Add(DiscrepancyKind kind, string subject, string? source = null, string? log = null, string? downstream = null, RepairKind repair = RepairKind.None) =>
        items.Add(new(order.Log.Id.Value, kind, subject, source, log, downstream) { MerchantId = order.Log.Calculation?.MerchantId ?? Merchant(), Repair = repair });

    long? Merchant() => order.Row?.Merchant ?? (order.Log.State.Merchant.Value is not 0 and var merchant ? merchant : null);
}
