using System.Text.Json;
using System.Text.Json.Serialization;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Holds;

/// <summary>A hold as the event log keeps it beside the registration: for whoever rebuilds the state, and for auditors, who read it as JSON.</summary>
/// <param name="Reason">Left out where personal data is encrypted: words of people stand nowhere in the clear then.</param>
/// <param name="ReleasedAt">Left out while nobody has released it, as the other three of a release.</param>
sealed record KeptHold(
    string Id, string Scope, string By, string Since, string? Until = null, string? Reason = null, string? ReleasedAt = null, string? ReleasedBy = null, string? ReleaseRequest = null, string? ReleaseReason = null)
{
    const string NotKept = "(its reason was lost with the state: personal data is encrypted)";

    /// <summary>Lists all, in the order of their ids, so that the same holds are the same text.</summary>
    public static string Write(IEnumerable<Hold> holds, bool withReasons) => JsonSerializer.Serialize(
        holds.OrderBy(hold => hold.Id, StringComparer.Ordinal).Select(hold => Of(hold, withReasons)).ToArray(), KeptHoldJson.Default.KeptHoldArray);

    /// <exception cref="CorruptStateException">It is no list of ours.</exception>
    public static IReadOnlyList<Hold> Read(string text)
    {
        try
        {
            var list = JsonSerializer.Deserialize(text, KeptHoldJson.Default.KeptHoldArray) ?? throw new JsonException("it is null");
            return [.. list.Select(kept => kept?.ToHold() ?? throw new JsonException("a hold is null"))];
        }
        catch (Exception strange) when (strange is JsonException or FormatException)
        {
            throw new CorruptStateException($"the holds that the event log keeps (column holds of streamsettle_logs) cannot be read: {strange.Message}", strange);
        }
    }

    static KeptHold Of(Hold hold, bool withReasons) => new(
        hold.Id, hold.Scope.ToString(), hold.By, hold.Since.ToString(), hold.Until?.ToString(), withReasons ? hold.Reason : null, hold.Release?.At.ToString(), hold.Release?.By,
        hold.Release?.RequestId, withReasons ? hold.Release?.Reason : null);

    Hold ToHold() => new(
        Id, HoldScope.TryParse(Scope, out var scope) ? scope : throw new FormatException($"'{Scope}' is no scope of a hold"), Reason ?? NotKept, By, UtcInstant.ParseWritten(Since),
        Until is null ? null : UtcInstant.ParseWritten(Until))
    {
        Release = ReleasedAt is null ? null : new(ReleasedBy ?? "", ReleaseRequest ?? "", ReleaseReason ?? NotKept, UtcInstant.ParseWritten(ReleasedAt)),
    };
}

/// <summary>The JSON of the column: camelCase, source-generated, what is not there left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KeptHold[]))]
sealed partial class KeptHoldJson : JsonSerializerContext;
