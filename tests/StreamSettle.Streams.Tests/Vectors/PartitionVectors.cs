using System.Text.Json;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tests.Vectors;

/// <summary>Keys go to the partitions of the Java client.</summary>
static class PartitionVectors
{
    public static string? Check(JsonElement line)
    {
        var partition = Murmur2.Partition(line.GetProperty("key").GetBytesFromBase64(), line.GetProperty("partitions").GetInt32());
        var expected = line.GetProperty("partition").GetInt32();
        return partition == expected ? null : $"partition {partition} instead of {expected}";
    }
}
