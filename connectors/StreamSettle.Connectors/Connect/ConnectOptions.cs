namespace StreamSettle.Connectors.Connect;

/// <summary>Kafka Connect, and which connector of it is ours. Configuration section <c>Connect</c>.</summary>
public sealed record ConnectOptions
{
    /// <summary>Of the REST interface of a worker, or of what stands before several. May have user info, which is never shown.</summary>
    public required Uri Url { get; init; }

    /// <summary>The folder of the connectors' files. Default <c>connectors</c>.</summary>
    public required string Directory { get; init; }

    /// <summary>Default <see cref="SourceFormat.Json"/>.</summary>
    public SourceFormat Format { get; init; }

    /// <summary>What a person says of an altered source: the fingerprint by which nothing was left out. Null for nothing.</summary>
    public string? Accepted { get; init; }

    /// <summary>The connector that brings the shop's changes. Default <c>shop-json</c>, <c>shop-jsonwithschema</c> or <c>shop-avro</c>, by the format, <c>shop-outbox</c> by an outbox: another where several shops share a Connect cluster.</summary>
    public string Connector
    {
        get => field ?? NameFor(Format);
        init;
    }

    /// <summary>Of the one that reads an outbox.</summary>
    public const string OutboxName = "shop-outbox";

    public static string NameFor(SourceFormat format) => $"shop-{format.ToString().ToLowerInvariant()}";
}
