using System.Buffers.Binary;

namespace StreamSettle.Streams.Topologies;

/// <summary>The hash of Kafka's Java client: Debezium's and Connect's keys are spread by it, so ours must be too. Pinned by <c>streams-vectors</c>.</summary>
public static class Murmur2
{
    const uint Seed = 0x9747b28c;
    const uint M = 0x5bd1e995;
    const int R = 24;

    /// <summary>Kafka's default partitioner: the hash with its sign bit cleared, modulo.</summary>
    public static int Partition(ReadOnlySpan<byte> key, int partitions) => (int)(Hash(key) & 0x7fffffff) % partitions;

    public static uint Hash(ReadOnlySpan<byte> data)
    {
        var hash = Seed ^ (uint)data.Length;
        while (data.Length >= sizeof(uint))
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * M;
            word ^= word >> R;
            hash = (hash * M) ^ (word * M);
            data = data[sizeof(uint)..];
        }

        if (!data.IsEmpty)
        {
            for (var i = data.Length - 1; i >= 0; i--)
            {
                hash ^= (uint)data[i] << (8 * i);
            }

            hash *= M;
        }

        hash ^= hash >> 13;
        hash *= M;
        return hash ^ (hash >> 15);
    }
}
