namespace StreamSettle.Integration.Tests.Around;

/// <summary>Payout terms for a world's rule set, with a calendar on which every day is a payout day.</summary>
static class GatheringPayouts
{
    public const string Calendar = "EVERY_DAY";

    static readonly string[] Currencies = ["USD", "EUR", "GBP", "JPY", "CNY", "KWD"];

    /// <summary>All splits gather.</summary>
    /// <param name="minimum">Minor units of each currency.</param>
    /// <param name="maxWait">As a rule writes it: <c>PT8S</c>.</param>
    /// <param name="more">Further rules.</param>
    public static async Task WriteAsync(World world, long minimum, string maxWait, string more = "")
    {
        var rules = Directory.GetFiles(world.RulesDirectory, "*.json").Single();
        var text = await File.ReadAllTextAsync(rules);
        var currencies = string.Join(", ", Currencies.Select(code => $"\"{code}\": {minimum}"));
        var at = text.IndexOf('{', StringComparison.Ordinal) + 1;
        await File.WriteAllTextAsync(rules, text.Insert(at, $$"""
            "payouts": [{"when": {}, "minimum": { {{currencies}} }, "maxWait": "{{maxWait}}", "calendar": "{{Calendar}}"}{{(more.Length > 0 ? ", " + more : "")}}],
            """));
        Directory.CreateDirectory(Path.Combine(world.RulesDirectory, "calendars"));
        var years = string.Join(", ", Enumerable.Range(2000, 100).Select(year => $$$"""
            "{{{year}}}": {"holidays": {}}
            """));
        await File.WriteAllTextAsync(
            Path.Combine(world.RulesDirectory, "calendars", "every.json"), $$"""{"name": "{{Calendar}}", "source": "made up", "licence": "CC0-1.0", "weekend": [], "years": { {{years}} } }""");
    }
}
