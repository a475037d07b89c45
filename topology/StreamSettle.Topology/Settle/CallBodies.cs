using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Settle;

/// <summary>The bodies of calls, byte for byte the same for the same order and rules (I10); frozen once they are given to delivery (I4). Contract: downstreams.md.</summary>
static class CallBodies
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of a leg of the settlement (<paramref name="n"/> = 0) or of a reversal.</summary>
    public static void Write(IBufferWriter<byte> to, SettlementState state, Leg leg, int n)
    {
        var (settled, division) = (state.Settled!, state.Settled!.Division.Value);
        var reversal = n == 0 ? null : settled.Reversals[n - 1];
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteNumber("orderId"u8, state.Order.Value);
        json.WriteNumber("merchantId"u8, state.Merchant.Value);
        json.WriteString("currency"u8, division.Currency.ToString());
        json.WriteNumber("amount"u8, AmountOf(division, reversal, leg));
        json.WriteString("kind"u8, reversal is null ? "SETTLEMENT"u8 : "REVERSAL"u8);
        json.WriteString("ruleVersion"u8, division.RuleVersion);
        json.WriteString("completedAt"u8, settled.CompletedAt.ToString());
        json.WriteString("dueAt"u8, (reversal?.CommittedAt ?? state.DueAt).ToString());
        if (leg == Leg.Tax)
        {
            json.WriteString("country"u8, division.BuyerCountry);
        }

        if (leg != Leg.Verification)
        {
            WriteLines(json, division.Lines, reversal, leg);
        }

        if (leg is Leg.Verification or Leg.Tax && !division.Invoice.IsEmpty)
        {
            json.WritePropertyName("invoice"u8);
            json.WriteRawValue(division.Invoice.AsSpan(), skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    static void WriteLines(Utf8JsonWriter json, ImmutableArray<SettledLine> lines, Reversal? reversal, Leg leg)
    {
        json.WriteStartArray("lines"u8);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var amount = reversal is null ? line.Amount : reversal.Amounts[i];
            if (line.Leg != leg || amount == 0)
            {
                continue;
            }

            json.WriteStartObject();
            if (leg == Leg.Commission)
            {
                json.WriteNumber("promoterId"u8, line.PartyId);
                json.WriteNumber("level"u8, line.Level);
            }
            else
            {
                json.WriteString("party"u8, line.Party);
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
        for (var i = 0; i < division.Lines.Length; i++)
        {
            sum += division.Lines[i].Leg == leg ? reversal is null ? division.Lines[i].Amount : reversal.Amounts[i] : 0;
        }

        return sum;
    }
}
