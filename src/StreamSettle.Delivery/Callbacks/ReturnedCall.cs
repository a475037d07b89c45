using System.Globalization;
using System.Text.Json;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Callbacks;

/// <summary>What a callback says: <c>{"key","state":"RETURNED","reason","at"}</c>; more members are ignored.</summary>
/// <param name="Reason">As the system says it, cut to the length of other reasons.</param>
/// <param name="At">When, as the system says it.</param>
public sealed record ReturnedCall(CallKey Key, string Reason, UtcInstant At)
{
    const string State = "RETURNED";

    static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <param name="leg">Whose system signed it.</param>
    /// <param name="problem">What is wrong with it, and how it should be; null where nothing is.</param>
    /// <returns>Null where something is wrong.</returns>
    public static ReturnedCall? Read(ReadOnlyMemory<byte> body, Leg leg, out string? problem)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object)
            {
                problem = "the body must be a JSON object";
                return null;
            }

            var (key, reason, at) = (Text(json, "key"), Text(json, "reason"), Text(json, "at"));
            CallKey call = default;
            UtcInstant when = default;
            problem = Text(json, "state") != State ? $"state must be {State}"
                : key is null || !CallKey.TryParse(key, out call) ? "key must be the Idempotency-Key of a call, such as 42:split:0"
                : call.Leg != leg ? $"key must be of a {leg.Name()} call, but is of a {call.Leg.Name()} call"
                : string.IsNullOrWhiteSpace(reason) ? "reason must say why"
                : at is null || !UtcInstant.TryParse(at, out when) ? "at must be an instant with Z or offset, such as 2026-11-01T00:00:00Z"
                : null;
            return problem is null ? new(call, Bounded(reason!.Trim()), when) : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // A text with half a surrogate pair is JSON, and no text.
            problem = string.Create(CultureInfo.InvariantCulture, $"the body is no JSON: {wrong.Message}");
            return null;
        }
    }

    static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static string Bounded(string reason)
    {
        if (reason.Length <= Calls.CallState.MaxReasonLength)
        {
            return reason;
        }

        // Not through the middle of a letter.
        var end = Calls.CallState.MaxReasonLength;
        return reason[..(char.IsHighSurrogate(reason[end - 1]) ? end - 1 : end)];
    }
}
