namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>What a finding is about.</summary>
public enum SourceSubject
{
    /// <summary>Version, settings, encoding.</summary>
    Server,

    /// <summary>What the role of <c>Source:ConnectionString</c> may do.</summary>
    Role,

    /// <summary>One of the three tables, its columns and its identity.</summary>
    Table,

    Publication,

    /// <summary>The replication slot, or the room for one.</summary>
    Slot,

    /// <summary>What Kafka Connect has of the connector.</summary>
    Connector,
}
