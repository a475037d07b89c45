namespace StreamSettle.Compose.Tests.Images;

/// <summary>
/// What the image quay.io/debezium/connect makes of its environment, by docker-entrypoint.sh of debezium/container-images, connect-base/3.7: some variables with names of
/// their own and defaults, then every <c>CONNECT_A_B</c> as <c>a.b</c>, over Kafka's connect-distributed.properties.
/// </summary>
static class DebeziumConnectImage
{
    const string Prefix = "CONNECT_";
    const string Json = "org.apache.kafka.connect.json.JsonConverter";

    /// <summary>Variable, property, default; null where the entry point refuses to start without.</summary>
    static readonly (string Variable, string Property, string? Default)[] Own =
    [
        ("BOOTSTRAP_SERVERS", "bootstrap.servers", "0.0.0.0:9092"), ("GROUP_ID", "group.id", "1"), ("CONFIG_STORAGE_TOPIC", "config.storage.topic", null),
        ("OFFSET_STORAGE_TOPIC", "offset.storage.topic", null), ("STATUS_STORAGE_TOPIC", "status.storage.topic", "connect-status"), ("KEY_CONVERTER", "key.converter", Json),
        ("VALUE_CONVERTER", "value.converter", Json), ("ADVERTISED_HOST_NAME", "rest.advertised.host.name", ""), ("ADVERTISED_PORT", "rest.advertised.port", "8083"),
        ("SHUTDOWN_TIMEOUT", "task.shutdown.graceful.timeout.ms", "10000"), ("OFFSET_FLUSH_INTERVAL_MS", "offset.flush.interval.ms", "60000"),
        ("OFFSET_FLUSH_TIMEOUT_MS", "offset.flush.timeout.ms", "5000"),
    ];

    /// <summary>Of Kafka's connect-distributed.properties, which the image starts from.</summary>
    static readonly Dictionary<string, string> Defaults = new()
    {
        ["key.converter.schemas.enable"] = "true", ["value.converter.schemas.enable"] = "true", ["offset.storage.replication.factor"] = "1",
        ["config.storage.replication.factor"] = "1", ["status.storage.replication.factor"] = "1",
    };

    /// <summary>connect-distributed.properties.</summary>
    /// <exception cref="InvalidOperationException">The entry point would refuse to start, or would garble a value.</exception>
    public static Dictionary<string, string> Properties(IReadOnlyDictionary<string, string> environment)
    {
        Dictionary<string, string> properties = new(Defaults) { ["plugin.path"] = "/kafka/connect" };
        foreach (var (variable, property, fallback) in Own)
        {
            properties[property] = environment.GetValueOrDefault(variable) ?? fallback ?? throw new InvalidOperationException($"{variable} is needed");
        }

        foreach (var (variable, value) in environment.Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            properties[variable[Prefix.Length..].ToLowerInvariant().Replace('_', '.')] = value;
        }

        // It writes them by sed, with @ as the delimiter.
        return properties.FirstOrDefault(pair => pair.Value.Contains('@', StringComparison.Ordinal)) is { Key: { } broken } ? throw new InvalidOperationException($"{broken} has an @") : properties;
    }
}
