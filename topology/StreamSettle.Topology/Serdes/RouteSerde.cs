using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Topology.Serdes;

/// <summary>
/// A partition as a key that is spread to that very partition: for records to a task whose own keys are not known, since the connector's key bytes have many
/// forms. The key is the lowest number, 4 bytes big-endian, whose hash falls there.
/// </summary>
sealed class RouteSerde : ISerde<int>
{
    readonly int[] keys;

    /// <param name="partitions">Of the topic.</param>
    public RouteSerde(int partitions)
    {
        keys = new int[partitions];
        Array.Fill(keys, -1);
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        for (var (key, found) = (0, 0); found < partitions; key++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, key);
            var partition = Murmur2.Partition(bytes, partitions);
            if (keys[partition] < 0)
            {
                keys[partition] = key;
                found++;
            }
        }
    }

    public int Read(ReadOnlySpan<byte> source) => Murmur2.Partition(source, keys.Length);

    public void Write(int value, ByteWriter destination)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, keys[value]);
        destination.Raw(bytes);
    }
}
