using System.Text.Json;
using System.Text.Unicode;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Rules.Lookup;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>Reads one rule file and reports all that is wrong with it, not only the first.</summary>
internal static class RuleSetReader
{
    static readonly string[] Keys = ["version", "effectiveFrom", "usdRates", "delays", "taxes", "logistics", "fees", "commissions", "exportRefunds", "payouts"];

    /// <param name="payouts">Knows the calendars that rules may name.</param>
    public static RuleSetRead Read(RuleFile file, PayoutReader payouts, List<RuleProblem> problems)
    {
        void Report(string path, string reason) => problems.Add(new(file.Name, path, reason));

        using var document = Parse(file, Report);
        var root = document is null ? null : JsonMembers.Open(new(document.RootElement, "$", Report), Keys);
        var version = root?.Required("version") is { } versionPlace ? Version(versionPlace) : null;
        var from = root?.Required("effectiveFrom") is { } fromPlace ? Instant(fromPlace) : null;
        return new(file.Name, version, from, new(
            version ?? "",
            from ?? default,
            UsdRates.ReadPriorityLimits(root?.Optional("usdRates")),
            Rules(root, "delays", TermsReader.DelayKeys, TermsReader.Delay),
            Rules(root, "taxes", TermsReader.TaxKeys, TermsReader.Tax),
            Rules(root, "logistics", TermsReader.LogisticsKeys, TermsReader.Logistics),
            Rules(root, "fees", TermsReader.FeeKeys, TermsReader.Fee),
            Rules(root, "commissions", TermsReader.CommissionKeys, TermsReader.Commission),
            Rules(root, "exportRefunds", TermsReader.ExportRefundKeys, TermsReader.ExportRefund))
        {
            Payouts = Rules(root, "payouts", PayoutReader.Keys, payouts.Payout),
        });
    }

    internal static JsonDocument? Parse(RuleFile file, Action<string, string> report)
    {
        var content = file.Content;
        if (content.Span.StartsWith("\uFEFF"u8))
        {
            content = content[3..];
        }

        if (!Utf8.IsValid(content.Span))
        {
            report("$", "is not UTF-8");
            return null;
        }

        try
        {
            return JsonDocument.Parse(content);
        }
        catch (JsonException e)
        {
            report("$", $"is not JSON: {e.Message}");
            return null;
        }
    }

    static string? Version(JsonPlace place)
    {
        if (place.Text() is not { } text)
        {
            return null;
        }

        if (text.Length == 0)
        {
            place.Refuse("must not be empty");
            return null;
        }

        return text;
    }

    static UtcInstant? Instant(JsonPlace place)
    {
        if (place.Text() is not { } text)
        {
            return null;
        }

        // A space for the T and a small z are PostgreSQL's and RFC 3339's ways, not ISO 8601's.
        if (text.AsSpan().ContainsAny(" z") || !UtcInstant.TryParse(text, out var instant))
        {
            place.Refuse($"must be an ISO 8601 instant with Z or an offset, at most microseconds (2026-01-01T00:00:00Z), but is '{text}'");
            return null;
        }

        return instant;
    }

    static List<Rule<TTerms>> Rules<TTerms>(JsonMembers? root, string list, string[] keys, Func<JsonMembers, TTerms> terms)
    {
        var rules = new List<Rule<TTerms>>();
        var firstWith = new Dictionary<RuleWhen, string>();
        foreach (var place in root?.Optional(list)?.Items() ?? [])
        {
            if (JsonMembers.Open(place, ["when", .. keys]) is not { } rule)
            {
                continue;
            }

            var whenPlace = rule.Required("when");
            var when = whenPlace is { } at ? WhenReader.Read(at) : null;
            if (when is not null && !firstWith.TryAdd(when, place.Path))
            {
                whenPlace?.Refuse($"is that of {firstWith[when]} already ({when}); one of the two would never win");
            }

            rules.Add(new(when ?? WhenReader.Everything, terms(rule)));
        }

        return rules;
    }
}
