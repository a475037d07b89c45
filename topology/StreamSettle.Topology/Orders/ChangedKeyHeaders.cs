namespace StreamSettle.Topology.Orders;

/// <summary>The headers by which Debezium marks a changed primary key: a deletion under the old key, then a creation under the new one.</summary>
static class ChangedKeyHeaders
{
    /// <summary>On the deletion: the key that the row has now.</summary>
    public static ReadOnlySpan<byte> NewKey => "__debezium.newkey"u8;

    /// <summary>On the creation: the key that the row had.</summary>
    public static ReadOnlySpan<byte> OldKey => "__debezium.oldkey"u8;
}
