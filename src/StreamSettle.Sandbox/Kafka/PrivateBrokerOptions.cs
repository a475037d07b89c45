namespace StreamSettle.Sandbox.Kafka;

/// <summary>How a private Kafka is set up.</summary>
public sealed record PrivateBrokerOptions
{
    /// <summary>The download whose programs are run.</summary>
    public required KafkaHome Home { get; init; }

    /// <summary>For all that it keeps, made where it is missing; deleting it is its owner's.</summary>
    public required string Folder { get; init; }

    public JavaOptions Java { get; init; } = new();

    /// <summary>More settings, as in <c>server.properties</c>; they win over ours.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
