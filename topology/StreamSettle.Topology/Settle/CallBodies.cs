using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Topology.Settle;

/// <summary>The bodies of calls, byte for byte the same for the same order and rules (I10). Delivery may leave out the invoice, and freezes them at their first attempt (I4). Contract: downstreams.md.</summary>
static class CallBodies
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of a leg of the settlement (<see cref="SendCall.N"/> = 0) or of a reversal.</summary>
    /// <returns>Where the invoice, the last member, begins with the comma before it; 0 where there is none.</returns>
    public static int Write(IBufferWriter<byte> to, OrderId order, SettlementState state, Division division, SendCall call)
    {
        var (leg, n) = (call.Leg, call.N);
        var settled = state.Settled!;
        var reversal = n == 0 ? null : settled.Reversals[n - 1];
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteNumber("orderId"u8, order.Value);
        json.WriteNumber("merchantId"u8, state.Merchant.Value);
        json.WriteString("currency"u8, settled.Currency.ToString());
        json.WriteNumber("amount"u8, AmountOf(division, reversal, leg));
        json.WriteString("kind"u8, reversal is null ? "SETTLEMENT"u8 : "REVERSAL"u8);
        json.WriteString("ruleVersion"u8, division.RuleVersion);
        json.WriteString("completedAt"u8, settled.CompletedAt.ToString());
        json.WriteString("dueAt"u8, state.DueAtOf(n).ToString());
        if (leg == Leg.Tax)
        {
            json.WriteString("country"u8, CountryOf(division));
        }

        if (leg != Leg.Verification)
        {
            WriteLines(json, division, reversal, leg);
        }

        var invoiceAt = 0;
        if (leg is Leg.Verification or Leg.Tax && !division.Invoice.IsEmpty)
        {
            invoiceAt = (int)(json.BytesCommitted + json.BytesPending);
            json.WritePropertyName("invoice"u8);
            json.WriteRawValue(division.Invoice.AsSpan(), skipInputValidation: true);
        }

        json.WriteEndObject();
        return invoiceAt;
    }

    static void WriteLines(Utf8JsonWriter json, Division division, Reversal? reversal, Leg leg)
    {
        json.WriteStartArray("lines"u8);
        foreach (var line in division.Lines)
        {
            var amount = AmountOf(line, reversal);
            if (line.Party.Leg != leg || amount == 0)
            {
                continue;
            }

            json.WriteStartObject();
            if (leg == Leg.Commission)
            {
                json.WriteNumber("promoterId"u8, line.Party.Id);
                json.WriteNumber("level"u8, line.Party.Level);
            }
            else
            {
                json.WriteString("party"u8, line.Party.ToString());
            }

            json.WriteNumber("amount"u8, amount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static long AmountOf(Division division, Reversal? reversal, Leg leg)
    {
        if (leg == Leg.Verification)
        {
            return division.Net;
        }

        long sum = 0;
        foreach (var line in division.Lines)
        {
            sum += line.Party.Leg == leg ? AmountOf(line, reversal) : 0;
        }

        return sum;
    }

    static long AmountOf(SettledLine line, Reversal? reversal) => reversal is null ? line.Amount : reversal.AmountOf(line.Party.ToString());

    /// <summary>The buyer's, which the tax line is for.</summary>
    static string CountryOf(Division division) => division.Lines.First(line => line.Party.Leg == Leg.Tax).Party.Country;
}
