using System.Text.Json;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.World;
using StreamSettle.Sandbox.Downstreams.Effects;

namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>An effect, and what its body says.</summary>
internal sealed record AcceptedCall(EffectEntry Effect, CallKey Key)
{
    public required long MerchantId { get; init; }

    public required string Currency { get; init; }

    public required long Amount { get; init; }

    public required UtcInstant CompletedAt { get; init; }

    public required UtcInstant DueAt { get; init; }

    /// <summary>Parties as the events name them; empty where the leg has no lines.</summary>
    public required IReadOnlyList<MoneyLine> Lines { get; init; }

    /// <summary>Null where the key or the body is not readable: the systems refuse such calls, so that this is a defect of theirs.</summary>
    public static AcceptedCall? TryRead(EffectEntry effect)
    {
        try
        {
            using var document = JsonDocument.Parse(effect.Body);
            var body = document.RootElement;
            return !CallKey.TryParse(effect.Key, out var key) ? null : new(effect, key)
            {
                MerchantId = body.GetProperty("merchantId").GetInt64(),
                Currency = body.GetProperty("currency").GetString()!,
                Amount = body.GetProperty("amount").GetInt64(),
                CompletedAt = UtcInstant.Parse(body.GetProperty("completedAt").GetString()!),
                DueAt = UtcInstant.Parse(body.GetProperty("dueAt").GetString()!),
                Lines = body.TryGetProperty("lines", out var lines) ? [.. lines.EnumerateArray().Select(Line)] : [],
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    static MoneyLine Line(JsonElement line) => new(
        line.TryGetProperty("party", out var party) ? party.GetString()! : $"promoter:{line.GetProperty("promoterId").GetInt64()}",
        line.GetProperty("amount").GetInt64());
}
