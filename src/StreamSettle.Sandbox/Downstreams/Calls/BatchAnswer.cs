using System.Buffers;
using System.Text.Json;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams.Calls;

/// <summary>Writes <c>{"results":[{"key":K,"status":201,"headers":{...},"body":{...}}]}</c>.</summary>
internal static class BatchAnswer
{
    public static byte[] Write(BatchItems items, CallAnswer[] answers)
    {
        var buffer = new ArrayBufferWriter<byte>(128 * (answers.Length + 1));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("results");
            for (var at = 0; at < answers.Length; at++)
            {
                WriteItem(json, items.Key(at), answers[at], at);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    static void WriteItem(Utf8JsonWriter json, string key, CallAnswer answer, int at)
    {
        var garbage = answer.Fault == FaultKind.Garbage;
        if (garbage && at % 2 == 0)
        {
            // Left out altogether: an item without a readable result.
            return;
        }

        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteNumber("status", answer.Status);
        if (answer.RetryAfter is { } retryAfter)
        {
            json.WriteStartObject("headers");
            json.WriteString("Retry-After", retryAfter);
            json.WriteEndObject();
        }

        json.WritePropertyName("body");
        json.WriteRawValue(garbage ? "{}"u8 : answer.Body, skipInputValidation: true);
        json.WriteEndObject();
    }
}
