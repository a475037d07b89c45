using StreamSettle.Connectors.Connect;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>What Kafka Connect says of our connector at one look.</summary>
internal abstract record ConnectorView
{
    ConnectorView()
    {
    }

    /// <summary>Connect does not answer.</summary>
    public sealed record Away(string Reason) : ConnectorView;

    /// <summary>It is not there yet, or has not written anything.</summary>
    public sealed record Absent(string Reason) : ConnectorView;

    /// <summary>It does not run, or by a configuration that leaves something out.</summary>
    public sealed record Wrong(string Reason) : ConnectorView;

    /// <summary>It reads the tables as they stand.</summary>
    public sealed record Copying : ConnectorView;

    /// <summary>It follows the changes, and all before the offset is in the topics.</summary>
    public sealed record Following(SourceOffset Offset) : ConnectorView;
}
