using System.Globalization;
using StreamSettle.Audit.Events;
using StreamSettle.Connectors.Embedded.Comparing;
using StreamSettle.Kernel.Money;
using StreamSettle.Topology.Settle;

namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>The shop's row beside a calculation: edits after it move nothing, so here is where they are told. Pure.</summary>
static class SettledComparison
{
    public static void Of(OrderRow row, LoggedOrder log, DiscrepancyList found)
    {
        var (calculated, settled) = (log.Calculation!, log.State.Settled!);
        Status(row, settled, found);
        Texts(row, calculated, found);
        if (row.Currency != calculated.Currency)
        {
            found.Add(DiscrepancyKind.AmountDiffers, "currency", row.Currency ?? "none", calculated.Currency);
            return;
        }

        var money = new Money(settled.Currency);
        Amount(found, "gross_amount", row.Gross, calculated.Gross, money);
        if (calculated.Basis is { } basis)
        {
            Amount(found, "shipping_amount", row.Shipping, basis.Shipping, money);
        }

        Refunds(row, settled, money, found);
    }

    /// <summary>An order of which all was taken back agrees with whatever the shop calls that.</summary>
    static void Status(OrderRow row, SettledOrder settled, DiscrepancyList found)
    {
        var isTakenBack = settled.Refunded >= settled.Gross && settled.Reversals.All(reversal => reversal.Completed);
        if (!row.IsCompleted && !isTakenBack)
        {
            found.Add(DiscrepancyKind.StateDiffers, "status", row.Status ?? "none", settled.IsFinished ? "settled" : "in delivery");
        }
    }

    static void Texts(OrderRow row, SettlementCalculated calculated, DiscrepancyList found)
    {
        Text("merchant_id", Number(row.Merchant), Number(calculated.MerchantId));
        Text("completed_at", row.CompletedAt?.ToString(), calculated.CompletedAt);
        if (calculated.Basis is { } basis)
        {
            Text("buyer_country", row.BuyerCountry, basis.BuyerCountry);
            Text("category", row.Category, basis.Category);
            Text("carrier_id", Number(row.Carrier), Number(basis.CarrierId));
            Text("promoter_id", Number(row.Promoter), basis.Promoters is [var first, ..] ? Number(first) : null);
            Text("export_refund", row.ExportRefund ? "true" : "false", basis.SoldAbroad ? "true" : "false");
        }

        void Text(string column, string? source, string? log)
        {
            if (source != log)
            {
                found.Add(DiscrepancyKind.StateDiffers, column, source ?? "none", log ?? "none");
            }
        }
    }

    static void Refunds(OrderRow row, SettledOrder settled, Money money, DiscrepancyList found)
    {
        if (!money.IsSame(row.Refunded, settled.Refunded))
        {
            var refused = settled.Refused is { } refund ? $", {refund.Refunded} refused: {refund.Reason}" : "";
            found.Add(DiscrepancyKind.AmountDiffers, "refunded_amount", money.Text(row.Refunded), money.Text(settled.Refunded) + refused);
        }

        foreach (var reversal in settled.Reversals)
        {
            if (reversal.Lines is { } lines && lines.Sum(line => line.Amount) is var taken && taken < reversal.Amount)
            {
                // The lines hold no more: the rest is nobody's to give back by itself.
                found.Add(
                    DiscrepancyKind.AmountDiffers, string.Create(CultureInfo.InvariantCulture, $"reversal {reversal.N}"), $"{money.Text(reversal.Amount)} refunded", $"{money.Text(taken)} taken back");
            }
        }
    }

    static void Amount(DiscrepancyList found, string column, DecimalAmount source, long minor, Money money)
    {
        if (!money.IsSame(source, minor))
        {
            found.Add(DiscrepancyKind.AmountDiffers, column, money.Text(source), money.Text(minor));
        }
    }

    static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Amounts of one currency, for people in major units.</summary>
    sealed record Money(Currency Currency)
    {
        public bool IsSame(DecimalAmount source, long minor) => source.TryToMinor(Currency.Digits, out var same) && same == minor;

        public string Text(Int128 minor) => $"{new DecimalAmount(minor, (byte)Currency.Digits)} {Currency}";

        /// <summary>With the currency's digits where it is a whole number of them, as the column has it else.</summary>
        public string Text(DecimalAmount source) => source.TryToMinor(Currency.Digits, out var minor) ? Text(minor) : $"{source} {Currency}";
    }
}
