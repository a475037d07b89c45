using System.Text.Json;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Sandbox.Auditing.World;

/// <summary>Reads an event's PascalCase JSON by hand: the auditor shares no event type with the program it judges.</summary>
internal static class EventReader
{
    /// <exception cref="CorruptStateException">The body is not what the contract says.</exception>
    public static LoggedEvent Read(string stream, long version, string type, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(version, type, document.RootElement);
        }
        catch (Exception inner) when (inner is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new CorruptStateException($"event {version} ({type}) of stream {stream} is not what the contract says: {inner.Message}", inner);
        }
    }

    static LoggedEvent Read(long version, string type, JsonElement body) => new(version, type)
    {
        RecordedAt = Instant(body, "RecordedAt") ?? default,
        DueAt = Instant(body, "DueAt"),
        CompletedAt = Instant(body, "CompletedAt"),
        MerchantId = Whole(body, "MerchantId"),
        Currency = Text(body, "Currency"),
        Gross = Whole(body, "Gross"),
        Refunded = Whole(body, "Refunded"),
        Net = Whole(body, "Net"),
        Priority = body.TryGetProperty("Priority", out var priority) && priority.GetBoolean(),
        Lines = body.TryGetProperty("Lines", out var lines) ? [.. lines.EnumerateArray().Select(line => new MoneyLine(line.GetProperty("Party").GetString()!, line.GetProperty("Amount").GetInt64()))] : [],
        Key = Text(body, "Key"),
        Leg = Text(body, "Leg"),
        SentAs = Text(body, "SentAs"),
        N = (int)Whole(body, "N"),
        Receipt = Text(body, "Receipt"),
        Reason = Text(body, "Reason"),
        Scope = Text(body, "Scope"),
        PayableAt = Instant(body, "PayableAt"),
        Discarded = type == EventTypes.Completed && body.TryGetProperty("Discarded", out var discarded) ? [.. discarded.EnumerateArray().Select(leg => leg.GetString()!)] : [],
    };

    static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static long Whole(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    static UtcInstant? Instant(JsonElement body, string name) => Text(body, name) is { } text ? UtcInstant.Parse(text) : null;
}
