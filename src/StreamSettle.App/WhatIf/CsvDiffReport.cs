using StreamSettle.App.Reports;

namespace StreamSettle.App.WhatIf;

/// <summary>A row for each party of each order that differs (<c>order</c>), then one for each party of the merchant (<c>merchant</c>); at the end those of all merchants (<c>all</c>). Amounts are minor units.</summary>
sealed class CsvDiffReport : IRulesDiffReport
{
    readonly CsvWriter csv;

    public CsvDiffReport(TextWriter output)
    {
        csv = new(output);
        csv.Row("row", "merchant_id", "currency", "party", "order_id", "completed_at", "amount_a", "amount_b", "difference", "orders");
    }

    public void Order(OrderDifference order)
    {
        foreach (var party in order.Parties)
        {
            csv.Row("order", order.MerchantId, order.Currency, party.Party, order.OrderId, order.CompletedAt, party.A, party.B, (Int128)party.B - party.A, 1);
        }
    }

    public void Merchant(long merchant, IReadOnlyList<PartyTotal> totals) => Totals("merchant", totals);

    public void End(RulesDiffSummary summary) => Totals("all", summary.Totals);

    void Totals(string row, IReadOnlyList<PartyTotal> totals)
    {
        foreach (var total in totals)
        {
            csv.Row(row, total.MerchantId, total.Currency, total.Party, null, null, total.A, total.B, total.Difference, total.Orders);
        }
    }
}
