using System.Text.Json;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Events;

/// <summary>Events to JSON and back.</summary>
public static class EventJson
{
    /// <summary>The options that write exactly this JSON: for whoever opens the log with Marten.</summary>
    public static JsonSerializerOptions Options => EventJsonContext.Default.Options;

    /// <summary>The event as UTF-8 JSON. The same event gives the same bytes.</summary>
    /// <remarks>U+0000, which no jsonb can hold, becomes U+FFFD: a downstream's reason must not be able to stop the log.</remarks>
    public static byte[] Write(SettlementEvent happened)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(happened, happened.Kind().Json());
        ReplaceNul(json);
        return json;
    }

    /// <exception cref="CorruptStateException">The bytes are no event of that kind.</exception>
    public static SettlementEvent Read(EventKind kind, ReadOnlySpan<byte> json)
    {
        try
        {
            return (SettlementEvent)JsonSerializer.Deserialize(json, kind.Json())!;
        }
        catch (JsonException e)
        {
            throw new CorruptStateException($"the body of a {kind} cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="Read(EventKind, ReadOnlySpan{byte})"/>
    public static SettlementEvent Read(EventKind kind, string json)
    {
        try
        {
            return (SettlementEvent)JsonSerializer.Deserialize(json, kind.Json())!;
        }
        catch (JsonException e)
        {
            throw new CorruptStateException($"the body of a {kind} cannot be read: {e.Message}", e);
        }
    }

    static void ReplaceNul(Span<byte> json)
    {
        if (json.IndexOf("\\u0000"u8) < 0)
        {
            return;
        }

        // Escapes are walked from the start, because \\u0000 is a backslash and five harmless letters.
        for (var at = json.IndexOf((byte)'\\'); at >= 0 && at < json.Length - 1; at++)
        {
            if (json[at] != '\\')
            {
                continue;
            }

            if (json[at..].StartsWith("\\u0000"u8))
            {
                "\\uFFFD"u8.CopyTo(json[at..]);
            }

            at++;
        }
    }
}
