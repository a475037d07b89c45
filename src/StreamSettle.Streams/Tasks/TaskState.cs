namespace StreamSettle.Streams.Tasks;

/// <summary>The states of a task, as Kafka Streams names them.</summary>
public enum TaskState
{
    /// <summary>Assigned: its nodes and queues are made, its stores are not open.</summary>
    Created,

    /// <summary>Its stores are open and brought up to what was committed; records wait, nothing fires.</summary>
    Restoring,
    Running,

    /// <summary>Given up or failed: it takes no records, punctuations or messages any more, and is about to close.</summary>
    Suspended,
    Closed,
}
