using System.Text.Json;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Sandbox.Auditing.Rules;

/// <summary>The auditor's own reading of rule files, as far as marks need it: which set is in force, and which delay it gives.</summary>
public sealed class DelayRules
{
    static readonly TimeSpan Otherwise = TimeSpan.FromHours(24);

    readonly (UtcInstant From, DelayRule[] Rules)[] sets;

    DelayRules(IEnumerable<(UtcInstant From, DelayRule[] Rules)> sets) => this.sets = [.. sets.OrderByDescending(set => set.From)];

    /// <summary>No rules at all: every mark is 24 hours after the completion.</summary>
    public static DelayRules None { get; } = new([]);

    /// <summary>Reads every <c>*.json</c> of a folder.</summary>
    /// <exception cref="UserMistakeException">The folder is missing, or a file is no rule set.</exception>
    public static DelayRules Load(string directory) =>
        Directory.Exists(directory)
            ? Parse(Directory.EnumerateFiles(directory, "*.json").Select(file => (file, File.ReadAllText(file))))
            : throw new UserMistakeException($"there is no folder of rules {directory}");

    /// <summary>Reads rule sets from texts, each with a name for messages.</summary>
    public static DelayRules Parse(IEnumerable<(string Name, string Json)> files) => new(files.Select(file =>
    {
        try
        {
            using var document = JsonDocument.Parse(file.Json);
            return ReadSet(document.RootElement);
        }
        catch (Exception inner) when (inner is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UserMistakeException($"the auditor cannot read the rules in {file.Name}: {inner.Message}", inner);
        }
    }).ToArray());

    /// <summary>The order's mark.</summary>
    /// <param name="merchantId">The merchant that counts, which may not be the row's any more.</param>
    /// <param name="tier">Null where nobody has a row for the merchant.</param>
    public UtcInstant DueAt(UtcInstant completedAt, long merchantId, string? tier, string? category, string country, string currency)
    {
        var inForce = sets.FirstOrDefault(set => set.From <= completedAt).Rules ?? [];
        var rule = inForce.Where(rule => rule.Matches(merchantId, category, tier, country, currency)).MaxBy(rule => rule.Weight);
        return completedAt + (rule?.Delay ?? Otherwise);
    }

    static (UtcInstant From, DelayRule[] Rules) ReadSet(JsonElement set)
    {
        var rules = set.TryGetProperty("delays", out var delays) ? delays.EnumerateArray().Select(ReadRule).ToArray() : [];
        return (UtcInstant.Parse(set.GetProperty("effectiveFrom").GetString()!), rules);
    }

    static DelayRule ReadRule(JsonElement rule)
    {
        var when = rule.GetProperty("when");
        string? Text(string name) => when.TryGetProperty(name, out var value) ? value.GetString() : null;
        long? merchant = when.TryGetProperty("merchantId", out var id) ? id.GetInt64() : null;
        return new(merchant, Text("category"), Text("tier"), Text("country"), Text("currency"), IsoDuration.Parse(rule.GetProperty("delay").GetString()!));
    }
}
