namespace StreamSettle.Connectors.Connect;

/// <summary>What Kafka Connect says of a connector or one of its tasks.</summary>
public enum ConnectorState
{
    /// <summary>A word that this program does not know: it counts as not running.</summary>
    Unknown,
    Running,

    /// <summary>It ended with an error and stays so until it is restarted.</summary>
    Failed,
    Paused,

    /// <summary>Paused, and without tasks.</summary>
    Stopped,

    /// <summary>No worker has it: the cluster shares its work out anew.</summary>
    Unassigned,
    Restarting,
}
