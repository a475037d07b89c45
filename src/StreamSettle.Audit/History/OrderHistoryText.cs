using System.Globalization;
using System.Text;
using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.History;

/// <summary>An order's history as plain text for a terminal.</summary>
public static class OrderHistoryText
{
    const string Indent = "  ";

    /// <summary>Where it stands, why each party gets what it gets, the calls with their receipts, what was taken back, and every event from the source's position on.</summary>
    /// <param name="width">Of the terminal; null where it goes elsewhere.</param>
    public static string Render(OrderHistory history, int? width = null)
    {
        var text = new StringBuilder();
        Say(text, $"Order {history.Order}: {history.State}", "", width);
        if (ReasonText.OfState(history.State) is { } meaning)
        {
            Say(text, meaning, Indent, width);
        }

        if (history.Timeline.Count == 0)
        {
            return text.AppendLine("  The event log has nothing about it.").ToString();
        }

        Facts(text, history, width);
        if (history.Calculation is { } calculation)
        {
            Lines(text, calculation, width);
        }

        Deliveries(text, history.Deliveries, width);
        Reversals(text, history, width);
        Timeline(text, history.Timeline, width);
        return text.ToString();
    }

    static void Facts(StringBuilder text, OrderHistory history, int? width)
    {
        var facts = new TextTable(false, false);
        Fact("merchant", history.MerchantId?.ToString(CultureInfo.InvariantCulture));
        Fact("completed", history.CompletedAt);
        Fact("due", history.DueAt);
        if (history.Calculation is { } money)
        {
            Fact("gross", MoneyText.Format(money.Gross, money.Currency));
            Fact("refunded", money.Refunded == 0 ? null : MoneyText.Format(money.Refunded, money.Currency));
            Fact("net", MoneyText.Format(money.Net, money.Currency));
            Fact("export refund", money.ExportRefund == 0 ? null : $"{MoneyText.Format(money.ExportRefund, money.Currency)}, claimed from the tax bureau");
            Fact("rules", money.RuleVersion);
            Fact("lane", money.Priority ? "priority" : "ordinary");
            Fact("payout", money.Payout is { } payout ? EventText.Terms(payout, money.Currency) : null);
        }

        facts.AppendTo(text, width);

        void Fact(string name, string? value)
        {
            if (value is not null)
            {
                facts.Add(name, value);
            }
        }
    }

    static void Lines(StringBuilder text, SettlementCalculated money, int? width)
    {
        text.AppendLine().AppendLine("Lines");
        var table = new TextTable(false, true, false);
        foreach (var line in money.Lines)
        {
            table.Add(line.Party, MoneyText.Format(line.Amount, money.Currency), line.Explanation);
        }

        table.Add("sum", MoneyText.Format(money.Lines.Sum(line => line.Amount), money.Currency), "");
        table.AppendTo(text, width);
    }

    static void Deliveries(StringBuilder text, IReadOnlyList<DeliveryHistory> deliveries, int? width)
    {
        if (deliveries.Count == 0)
        {
            return;
        }

        text.AppendLine().AppendLine("Deliveries");
        var table = new TextTable(false, false, true, false);
        foreach (var call in deliveries)
        {
            var later = call.InvoiceSentLater ? ", invoice sent later" : "";
            table.Add(call.Key, StateName(call.State), EventText.Count(call.Attempts, "attempt"), $"{Meaning(call)}{later}");
        }

        table.AppendTo(text, width);
    }

    static void Reversals(StringBuilder text, OrderHistory history, int? width)
    {
        var currency = history.Calculation?.Currency ?? "";
        foreach (var reversal in history.Reversals)
        {
            var state = reversal.CompletedAt is { } at ? $"completed {at}" : "on its way";
            var refunded = reversal.Refunded is { } amount ? $", refunded in all {MoneyText.Format(amount, currency)}" : "";
            Say(text.AppendLine(), $"Reversal {reversal.N}: {state}{refunded}", "", width);
            var table = new TextTable(false, true);
            foreach (var line in reversal.Lines)
            {
                table.Add(line.Party, MoneyText.Format(-line.Amount, currency));
            }

            table.AppendTo(text, width);
        }
    }

    static void Timeline(StringBuilder text, IReadOnlyList<TimelineEntry> timeline, int? width)
    {
        text.AppendLine().AppendLine("Timeline");
        var table = new TextTable(true, false, false, false, false);
        foreach (var entry in timeline)
        {
            table.Add(entry.Version.ToString(CultureInfo.InvariantCulture), entry.When, entry.What, entry.Details, $"<- {entry.Cause}");
        }

        table.AppendTo(text, width);
    }

    static void Say(StringBuilder text, string line, string margin, int? width)
    {
        var (first, others) = ((width ?? int.MaxValue) - margin.Length, (width ?? int.MaxValue) - margin.Length - Indent.Length);
        text.Append(margin).AppendJoin(Environment.NewLine + margin + Indent, TextLines.Break(line, first, others)).AppendLine();
    }

    static string StateName(DeliveryState state) => state switch
    {
        DeliveryState.Failing => "failing",
        DeliveryState.Confirmed => "confirmed",
        DeliveryState.DeadLettered => "dead-lettered",
        DeliveryState.Replayed => "replayed",
        DeliveryState.Deferred => "waiting",
        DeliveryState.Released => "released",
        _ => "discarded",
    };

    static string Meaning(DeliveryHistory call) => call.State switch
    {
        DeliveryState.Confirmed => $"receipt {call.Text}",
        DeliveryState.Replayed or DeliveryState.Discarded => $"by {call.Text}",
        _ => call.Text,
    };
}
