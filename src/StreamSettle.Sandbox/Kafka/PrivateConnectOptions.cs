namespace StreamSettle.Sandbox.Kafka;

/// <summary>How a private Kafka Connect is set up.</summary>
public sealed record PrivateConnectOptions
{
    /// <summary>The download whose programs are run, and the plugins.</summary>
    public required KafkaHome Home { get; init; }

    /// <summary>The brokers.</summary>
    public required string Bootstrap { get; init; }

    /// <summary>For its settings and logs, made where it is missing; deleting it is its owner's.</summary>
    public required string Folder { get; init; }

    /// <summary>Where its REST interface is to be, as where one was that it replaces; null for a free port of 127.0.0.1.</summary>
    public Uri? Url { get; init; }

    public JavaOptions Java { get; init; } = new();

    /// <summary>More settings, as in <c>connect-distributed.properties</c>; they win over ours.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
