namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>Debezium's labels of snapshot rows.</summary>
internal enum SnapshotLabel : byte
{
    False,
    True,
    First,
    FirstInDataCollection,
    LastInDataCollection,
    Last,

    /// <summary>A row that was read again for itself, beside the stream.</summary>
    Incremental,
}
