using System.Text.Json;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Sandbox.Downstreams.Calls;

/// <summary>Whether a body is what the contract says for its key; our own reading of the contract, none of the product's code.</summary>
internal static class BodyCheck
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(CallKey key, JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return "the body is no JSON object";
        }

        return Common(key, body) ?? key.Leg switch
        {
            Leg.Verification => key.N == 0 ? null : "a reversal has no verification",
            Leg.Split => Lines(body, line => Party(line, "carrier:", "merchant:", "platform")),
            Leg.Commission => Lines(body, Commission),
            Leg.Tax => Country(body) ?? Lines(body, line => Party(line, "tax:")),
            _ => key.N == 0 ? Country(body) ?? TaxDay(body) : "a tax refund is claimed once",
        };
    }

    static string? Common(CallKey key, JsonElement body) =>
        Whole(body, "orderId") is not { } order || order != key.Order.Value ? "orderId is not the key's"
        : Whole(body, "merchantId") is null ? "merchantId is no whole number"
        : Text(body, "currency") is not { } currency || !Currency.TryParse(currency, out _) ? "currency is none"
        : Whole(body, "amount") is not > 0 ? "amount is no positive whole number"
        : key.Leg != Leg.TaxRefund && Text(body, "kind") != (key.N == 0 ? "SETTLEMENT" : "REVERSAL") ? "kind does not fit the key's number"
        : Text(body, "ruleVersion") is null or "" ? "ruleVersion is missing"
        : !Instant(body, "completedAt") ? "completedAt is no instant in UTC"
        : !Instant(body, "dueAt") ? "dueAt is no instant in UTC"
        : null;

    static string? Lines(JsonElement body, Func<JsonElement, string?> check)
    {
        if (!body.TryGetProperty("lines", out var lines) || lines.ValueKind != JsonValueKind.Array || lines.GetArrayLength() == 0)
        {
            return "lines are missing";
        }

        Int128 sum = 0;
        foreach (var line in lines.EnumerateArray())
        {
            if (line.ValueKind != JsonValueKind.Object || Whole(line, "amount") is not { } amount || amount <= 0)
            {
                return "a line's amount is no positive whole number";
            }

            sum += amount;
            if (check(line) is { } problem)
            {
                return problem;
            }
        }

        return sum == Whole(body, "amount") ? null : "amount is not the sum of the lines";
    }

    static string? Party(JsonElement line, params ReadOnlySpan<string> prefixes)
    {
        var party = Text(line, "party") ?? "";
        foreach (var prefix in prefixes)
        {
            if (prefix.EndsWith(':') ? party.StartsWith(prefix, StringComparison.Ordinal) && party.Length > prefix.Length : party == prefix)
            {
                return null;
            }
        }

        return $"party '{party}' does not belong here";
    }

    static string? Commission(JsonElement line) =>
        Whole(line, "promoterId") is null ? "a line's promoterId is no whole number"
        : Whole(line, "level") is not > 0 ? "a line's level is no positive whole number"
        : null;

    static string? Country(JsonElement body) => Text(body, "country") is { Length: 2 } ? null : "country is no two letters";

    static string? TaxDay(JsonElement body) =>
        DateOnly.TryParseExact(Text(body, "taxDay"), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _) ? null : "taxDay is no date";

    static bool Instant(JsonElement body, string name) => Text(body, name) is { } text && text.EndsWith('Z') && UtcInstant.TryParse(text, out _);

    static string? Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static long? Whole(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
