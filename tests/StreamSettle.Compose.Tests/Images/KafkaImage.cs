namespace StreamSettle.Compose.Tests.Images;

/// <summary>
/// What the image apache/kafka makes of its environment, by Kafka's docker/examples/README.md and KafkaDockerWrapper: <c>KAFKA_A_B</c> is <c>a.b</c>, two underscores are
/// one, three are a dash; where any is given, none of the image's own settings is left.
/// </summary>
static class KafkaImage
{
    /// <summary>Read by the start scripts.</summary>
    static readonly string[] NoProperties =
    [
        "KAFKA_VERSION", "KAFKA_HEAP_OPTS", "KAFKA_LOG4J_OPTS", "KAFKA_OPTS", "KAFKA_JMX_OPTS", "KAFKA_JVM_PERFORMANCE_OPTS", "KAFKA_GC_LOG_OPTS", "KAFKA_LOG4J_ROOT_LOGLEVEL",
        "KAFKA_LOG4J_LOGGERS", "KAFKA_TOOLS_LOG4J_LOGLEVEL", "KAFKA_JMX_HOSTNAME",
    ];

    const string Prefix = "KAFKA_";

    /// <summary>server.properties.</summary>
    public static Dictionary<string, string> Properties(IReadOnlyDictionary<string, string> environment) => environment
        .Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal) && !NoProperties.Contains(pair.Key)).ToDictionary(pair => NameOf(pair.Key), pair => pair.Value);

    static string NameOf(string variable) => variable[Prefix.Length..].ToLowerInvariant().Replace('_', '.')
        .Replace("...", "-", StringComparison.Ordinal).Replace("..", "_", StringComparison.Ordinal);
}
