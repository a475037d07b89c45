using System.Text;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>
/// Rules with round numbers. The bench's ordinary order (119.00 EUR, 10.00 of it shipping, to DE) gives
/// tax 1900, carrier 900, platform 185, promoters 180, 90 and 45, merchant 8600.
/// </summary>
static class TestRules
{
    const string Text = """
        {
          "version": "r1",
          "effectiveFrom": "2020-01-01T00:00:00Z",
          "usdRates": {"EUR": "1.08"},
          "delays": [
            {"when": {}, "delay": "PT24H"},
            {"when": {"tier": "SLOW"}, "delay": "PT48H"},
            {"when": {"tier": "FAST"}, "delay": "PT1H"}
          ],
          "taxes": [
            {"when": {"country": "DE"}, "ratePpm": 190000, "mode": "INCLUDED", "base": "ALL", "rounding": "HALF_UP"},
            {"when": {"country": "TX"}, "ratePpm": 1000000, "mode": "WITHHELD", "base": "ALL", "rounding": "HALF_UP"}
          ],
          "logistics": [{"when": {}, "basis": "SHIPPING", "ratePpm": 900000}],
          "fees": [{"when": {}, "ratePpm": 50000}],
          "commissions": [
            {"when": {}, "levels": [{"ratePpm": 20000}, {"ratePpm": 10000}, {"ratePpm": 5000}], "fundedBy": "PLATFORM"},
            {"when": {"category": "gap"}, "levels": [{"ratePpm": 20000}, {"ratePpm": 0}, {"ratePpm": 5000}], "fundedBy": "PLATFORM"}
          ],
          "exportRefunds": [{"when": {}, "ratePpm": 130000}]
        }
        """;

    /// <summary>The same as another version, with payouts.</summary>
    /// <param name="payouts">The list, as JSON.</param>
    public static string Json(string version, string from, string payouts) => Text
        .Replace("\"r1\"", $"\"{version}\"", StringComparison.Ordinal).Replace("2020-01-01T00:00:00Z", from, StringComparison.Ordinal)
        .Replace("\"exportRefunds\"", $"\"payouts\": {payouts}, \"exportRefunds\"", StringComparison.Ordinal);

    public static RuleBook Book { get; } = RuleBookLoader.Parse([new("r1.json", Encoding.UTF8.GetBytes(Text))]) switch
    {
        RuleLoad.Loaded loaded => loaded.Book,
        RuleLoad.Invalid invalid => throw new InvalidOperationException(string.Join('\n', invalid.Problems)),
        _ => throw new InvalidOperationException(),
    };
}
