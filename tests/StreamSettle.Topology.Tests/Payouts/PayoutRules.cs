using System.Text;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>The bench's rules with payouts, and calendars of its time: the bench begins on Sunday, 2026-11-01, in UTC. Of its ordinary order the merchant gets 86.00 EUR.</summary>
static class PayoutRules
{
    /// <summary>Weekends are Saturday and Sunday; the Thursday of its first week is a holiday.</summary>
    public static readonly string Shop = Germany("""{"2026": {"holidays": {"2026-11-05": "Inventory"}}}""");

    public const string SundaysOff = """
        {"name": "JP", "source": "made up", "licence": "CC0-1.0", "weekend": ["SUNDAY"], "years": {"2026": {"holidays": {}}, "2027": {"holidays": {}}}}
        """;

    public static string Germany(string years) =>
        $$"""{"name": "DE", "source": "made up", "licence": "CC0-1.0", "weekend": ["SATURDAY", "SUNDAY"], "years": {{years}}}""";

    public static RuleBook With(string payouts, params string[] calendars) => Of(calendars, (payouts, "2020-01-01T00:00:00Z"));

    /// <summary>Versions <c>r1</c>, <c>r2</c>, ... that differ in their payouts, each from an instant on.</summary>
    public static RuleBook Of(string[] calendars, params (string Payouts, string From)[] versions) => RuleBookLoader.Parse(
        versions.Select((version, i) => new RuleFile($"r{i + 1}.json", Encoding.UTF8.GetBytes(TestRules.Json($"r{i + 1}", version.From, version.Payouts)))),
        (calendars.Length == 0 ? [Shop, SundaysOff] : calendars).Select((calendar, i) => new RuleFile($"calendars/{i}.json", Encoding.UTF8.GetBytes(calendar)))) switch
    {
        RuleLoad.Loaded loaded => loaded.Book,
        RuleLoad.Invalid invalid => throw new InvalidOperationException(string.Join('\n', invalid.Problems)),
        _ => throw new InvalidOperationException(),
    };
}
