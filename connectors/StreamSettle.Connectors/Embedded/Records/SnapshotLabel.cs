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
}
