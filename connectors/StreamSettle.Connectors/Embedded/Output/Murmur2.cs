using System.Buffers.Binary;

namespace StreamSettle.Connectors.Embedded.Output;

/// <summary>Kafka's default partitioner (<c>org.apache.kafka.common.utils.Utils.murmur2</c>), which Debezium's keys go by.</summary>
internal static class Murmur2
{
    public static int Partition(ReadOnlySpan<byte> key, int partitions) => (int)(Hash(key) & 0x7fffffff) % partitions;

    public static uint Hash(ReadOnlySpan<byte> data)
    {
        const uint seed = 0x9747b28c;
        const uint m = 0x5bd1e995;
        const int r = 24;
        var h = seed ^ (uint)data.Length;
        for (; data.Length >= sizeof(uint); data = data[sizeof(uint)..])
        {
            var k = BinaryPrimitives.ReadUInt32LittleEndian(data) * m;
            k = (k ^ (k >> r)) * m;
            h = (h * m) ^ k;
        }

        for (var i = data.Length - 1; i >= 0; i--)
        {
            h ^= (uint)data[i] << (8 * i);
        }

        h = data.IsEmpty ? h : h * m;
        h = (h ^ (h >> 13)) * m;
        return h ^ (h >> 15);
    }
}
