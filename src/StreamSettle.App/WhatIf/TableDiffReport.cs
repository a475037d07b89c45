using System.Globalization;
using System.Text;
using StreamSettle.App.Reports;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;
using StreamSettle.Kernel.Money;

namespace StreamSettle.App.WhatIf;

/// <summary>For people: the sums by kind of party, then the merchants and the orders with the greatest differences.</summary>
sealed class TableDiffReport(TextWriter output, RuleChoice a, RuleChoice b, Period period) : IRulesDiffReport
{
    const int MostMerchants = 40;
    const int MostOrders = 20;

    readonly Greatest<PartyTotal> merchants = new(MostMerchants);
    readonly Greatest<OrderDifference> orders = new(MostOrders);

    public void Order(OrderDifference order) => orders.Add(order, order.Weight);

    public void Merchant(long merchant, IReadOnlyList<PartyTotal> totals)
    {
        foreach (var total in totals)
        {
            merchants.Add(total, Int128.Abs(total.Difference));
        }
    }

    public void End(RulesDiffSummary summary)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Rules {FailureText.OneLine(a.Name)} (A) and {FailureText.OneLine(b.Name)} (B), orders completed from {period.From} to {period.To}")
            .AppendLine(CultureInfo.InvariantCulture, $"{summary.Orders} orders, {summary.Differing} divided otherwise, {summary.MovedMarks} with another mark");
        Notes(text, summary);
        Totals(text, "By party", summary.Totals);
        Totals(text, Headline("By merchant", merchants.Items().Count, merchants.Seen), merchants.Items());
        Orders(text);
        output.Write(text);
    }

    static void Notes(StringBuilder text, RulesDiffSummary summary)
    {
        if (summary.Unknown > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{summary.Unknown} orders cannot be divided again and are left out: their calculation does not record all that it rested on");
        }

        if (summary.Strange > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{summary.Strange} orders come out otherwise by the version that they were settled by (first: order {summary.FirstStrange}): its rule set is another one now");
        }
    }

    static string Headline(string what, int shown, long all) =>
        shown == all ? what : string.Create(CultureInfo.InvariantCulture, $"{what}: the {shown} greatest of {all} (all: --format csv)");

    static void Totals(StringBuilder text, string headline, IReadOnlyList<PartyTotal> totals)
    {
        if (totals.Count == 0)
        {
            return;
        }

        var table = new TextTable(true, false, false, true, true, true, true);
        table.Add(totals[0].MerchantId is null ? "" : "MERCHANT", "CURRENCY", "PARTY", "A", "B", "DIFFERENCE", "ORDERS");
        foreach (var total in totals)
        {
            table.Add(
                total.MerchantId?.ToString(CultureInfo.InvariantCulture) ?? "", total.Currency, total.Party, Money(total.A, total.Currency), Money(total.B, total.Currency),
                Money(total.Difference, total.Currency), total.Orders.ToString(CultureInfo.InvariantCulture));
        }

        text.AppendLine().AppendLine(headline);
        table.AppendTo(text, TerminalText.OutputWidth);
    }

    void Orders(StringBuilder text)
    {
        if (orders.Seen == 0)
        {
            return;
        }

        var table = new TextTable(true, true, false, false, true, true, true, false);
        table.Add("ORDER", "MERCHANT", "CURRENCY", "PARTY", "A", "B", "DIFFERENCE", "");
        foreach (var order in orders.Items())
        {
            foreach (var party in order.Parties)
            {
                table.Add(
                    order.OrderId.ToString(CultureInfo.InvariantCulture), order.MerchantId.ToString(CultureInfo.InvariantCulture), order.Currency, party.Party, Money(party.A, order.Currency),
                    Money(party.B, order.Currency), Money((Int128)party.B - party.A, order.Currency), Refusals(order));
            }
        }

        text.AppendLine().AppendLine(Headline("By order", orders.Items().Count, orders.Seen));
        table.AppendTo(text, TerminalText.OutputWidth);
    }

    static string Refusals(OrderDifference order) => (order.A.Refusal, order.B.Refusal) switch
    {
        (null, null) => "",
        (var reason, null) => $"A: {reason}",
        (null, var reason) => $"B: {reason}",
        var (first, second) => $"A: {first}, B: {second}",
    };

    static string Money(Int128 minor, string code) =>
        Currency.TryParse(Encoding.UTF8.GetBytes(code), out var currency) ? new DecimalAmount(minor, (byte)currency.Digits).ToString() : minor.ToString(CultureInfo.InvariantCulture);
}
