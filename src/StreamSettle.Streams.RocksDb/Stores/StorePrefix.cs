using System.Buffers.Binary;

namespace StreamSettle.Streams.RocksDb.Stores;

/// <summary>One partition's share of a store's column family.</summary>
/// <remarks><code>
///  key = partition(4, BE) | user key
/// </code></remarks>
public static class StorePrefix
{
    public const int Size = sizeof(int);

    public static byte[] Of(int partition)
    {
        var prefix = new byte[Size];
        BinaryPrimitives.WriteInt32BigEndian(prefix, partition);
        return prefix;
    }
}
