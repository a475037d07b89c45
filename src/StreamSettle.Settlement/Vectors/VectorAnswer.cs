using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Refunds;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules;

namespace StreamSettle.Settlement.Vectors;

/// <summary>Works a case and writes its answer, <c>{"name", "expected", "refunds"}</c> on one line.</summary>
internal static class VectorAnswer
{
    // The answers go to files and pipes, never into a page: names stay readable.
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(VectorCase vector, RuleBook rules)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            var result = SettlementCalculator.Settle(rules, vector.Order, vector.Merchant, vector.Promoters);
            json.WriteStartObject();
            json.WriteString("name", vector.Name);
            WriteResult(json, result);
            if (vector.Refunds is { } refunds)
            {
                WriteRefunds(json, result, refunds);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static void WriteResult(Utf8JsonWriter json, SettlementResult result)
    {
        json.WriteStartObject("expected");
        switch (result)
        {
            case Settled settled:
                json.WriteString("ruleVersion", settled.RuleVersion);
                json.WriteString("dueAt", settled.DueAt.ToString());
                json.WriteBoolean("priority", settled.Priority);
                json.WriteNumber("net", settled.Net);
                WriteLines(json, settled, settled.Lines.Select(line => line.Amount).ToArray(), withZeros: true);
                json.WriteNumber("exportRefund", settled.ExportRefund);
                break;
            case Refused refused:
                json.WriteString("refused", refused.Reason);
                break;
            default:
                json.WriteBoolean("cancelled", true);
                break;
        }

        json.WriteEndObject();
    }

    static void WriteRefunds(Utf8JsonWriter json, SettlementResult result, IReadOnlyList<VectorRefund> refunds)
    {
        json.WriteStartArray("refunds");
        if (result is Settled settled)
        {
            var (held, greatest, n) = (settled.Lines.Select(line => line.Amount).ToArray(), settled.Refunded, 0);
            for (var i = 0; i < refunds.Count; i++)
            {
                var decision = Reversals.Decide(settled.Currency, settled.Gross, greatest, refunds[i].Amount, held);
                if (decision is RefundDecision.Reversed reversed)
                {
                    (greatest, n) = (reversed.Refunded, n + 1);
                    held = [.. held.Zip(reversed.Parts, (line, part) => line - part)];
                }

                json.WriteStartObject();
                json.WriteString("refunded", refunds[i].Text);
                WriteDecision(json, settled, decision, n);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    static void WriteDecision(Utf8JsonWriter json, Settled settled, RefundDecision decision, int n)
    {
        json.WriteStartObject("expected");
        switch (decision)
        {
            case RefundDecision.Reversed reversed:
                json.WriteNumber("n", n);
                WriteLines(json, settled, reversed.Parts, withZeros: false);
                break;
            case RefundDecision.Refused refused:
                json.WriteString("refused", refused.Reason);
                break;
            default:
                json.WriteBoolean("unchanged", true);
                break;
        }

        json.WriteEndObject();
    }

    static void WriteLines(Utf8JsonWriter json, Settled settled, IReadOnlyList<long> amounts, bool withZeros)
    {
        json.WriteStartArray("lines");
        for (var i = 0; i < amounts.Count; i++)
        {
            if (withZeros || amounts[i] != 0)
            {
                json.WriteStartObject();
                json.WriteString("party", settled.Lines[i].Party.ToString());
                json.WriteNumber("amount", amounts[i]);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }
}
