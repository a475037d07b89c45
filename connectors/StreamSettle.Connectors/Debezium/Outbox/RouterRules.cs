namespace StreamSettle.Connectors.Debezium.Outbox;

/// <summary>What Debezium's outbox event router must be like in a connector, so that each event becomes a change of its order. Pure.</summary>
internal static class RouterRules
{
    const string Type = "io.debezium.transforms.outbox.EventRouter";

    /// <summary>Settings that would take key, topic or value from elsewhere, or make them another: they stay as Debezium has them.</summary>
    static readonly (string Key, string Default)[] Untouched =
    [
        ("route.by.field", "aggregatetype"), ("route.topic.regex", "(?<routedByValue>.*)"), ("table.field.event.key", "aggregateid"), ("table.field.event.payload", "payload"),
        ("table.expand.json.payload", "false"), ("table.fields.additional.placement", ""), ("route.tombstone.on.empty.payload", "false"),
    ];

    /// <param name="topicPrefix">Of the topics that the service reads.</param>
    /// <returns>Each setting with what it must be, and what it is where it is missing; one that is missing altogether where there is no router.</returns>
    public static IEnumerable<(string Key, string Expected, string? Default)> Of(IReadOnlyDictionary<string, string> config, string topicPrefix)
    {
        var names = config.GetValueOrDefault("transforms", "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var name = names.FirstOrDefault(name => config.GetValueOrDefault($"transforms.{name}.type") == Type) ?? "outbox";
        var router = $"transforms.{name}";
        return
        [
            // Another one behind it would see the change, and could make it something else.
            ("transforms", name, null), ($"{router}.type", Type, null), ($"{router}.route.topic.replacement", $"{topicPrefix}.public.${{routedByValue}}", "outbox.event.${routedByValue}"),
            ($"{router}.table.op.invalid.behavior", "fatal", "warn"), .. Untouched.Select(setting => ($"{router}.{setting.Key}", setting.Default, (string?)setting.Default)),
        ];
    }
}
