using System.Globalization;
using System.Text.Json;
using StreamSettle.App.Reports;

namespace StreamSettle.App.WhatIf;

/// <summary>One JSON object, written as it becomes known: <c>merchants: [{merchantId, orders, parties}]</c>, then the totals and counts. Amounts are minor units.</summary>
sealed class JsonDiffReport : IRulesDiffReport, IDisposable
{
    /// <summary>What is not written yet stays below this.</summary>
    const int FlushBytes = 64 * 1024;

    readonly Utf8JsonWriter json;
    bool inMerchant;

    public JsonDiffReport(Stream output, RuleChoice a, RuleChoice b, Period period)
    {
        json = new(output);
        json.WriteStartObject();
        json.WriteString("a", a.Name);
        json.WriteString("b", b.Name);
        json.WriteString("from", period.From.ToString());
        json.WriteString("to", period.To.ToString());
        json.WriteStartArray("merchants");
    }

    public void Dispose() => json.Dispose();

    public void Order(OrderDifference order)
    {
        Begin(order.MerchantId);
        json.WriteStartObject();
        json.WriteNumber("orderId", order.OrderId);
        json.WriteString("currency", order.Currency);
        json.WriteString("completedAt", order.CompletedAt);
        Side("a", order.A);
        Side("b", order.B);
        json.WriteStartArray("parties");
        foreach (var party in order.Parties)
        {
            Amounts(party.Party, party.A, party.B);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        if (json.BytesPending > FlushBytes)
        {
            json.Flush();
        }
    }

    public void Merchant(long merchant, IReadOnlyList<PartyTotal> totals)
    {
        if (inMerchant)
        {
            json.WriteEndArray();
            Totals("parties", totals);
            json.WriteEndObject();
            inMerchant = false;
        }
    }

    public void End(RulesDiffSummary summary)
    {
        json.WriteEndArray();
        Totals("parties", summary.Totals);
        json.WriteNumber("orders", summary.Orders);
        json.WriteNumber("differing", summary.Differing);
        json.WriteNumber("movedMarks", summary.MovedMarks);
        json.WriteNumber("notDividedAgain", summary.Unknown);
        json.WriteNumber("otherThanRecorded", summary.Strange);
        json.WriteEndObject();
        json.Flush();
    }

    void Begin(long merchant)
    {
        if (!inMerchant)
        {
            json.WriteStartObject();
            json.WriteNumber("merchantId", merchant);
            json.WriteStartArray("orders");
            inMerchant = true;
        }
    }

    void Side(string name, Division division)
    {
        json.WriteStartObject(name);
        json.WriteString("dueAt", division.DueAt);
        json.WriteBoolean("priority", division.Priority);
        json.WriteString("refused", division.Refusal);
        json.WriteEndObject();
    }

    void Totals(string name, IReadOnlyList<PartyTotal> totals)
    {
        json.WriteStartArray(name);
        foreach (var total in totals)
        {
            Amounts(total.Party, total.A, total.B);
            json.WriteString("currency", total.Currency);
            json.WriteNumber("orders", total.Orders);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Begins an object. Sums may have more digits than a long.</summary>
    void Amounts(string party, Int128 a, Int128 b)
    {
        json.WriteStartObject();
        json.WriteString("party", party);
        foreach (var (name, value) in (ReadOnlySpan<(string, Int128)>)[("a", a), ("b", b), ("difference", b - a)])
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }
}
