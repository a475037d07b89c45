using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Vectors;

[Trait("Category", "Vectors")]
public class PartitionVectorTests
{
    [Fact]
    public void Keys_go_to_the_partitions_of_the_Java_client() => VectorFile.CheckAll("partition", line =>
    {
        var partition = Murmur2.Partition(line.GetProperty("key").GetBytesFromBase64(), line.GetProperty("partitions").GetInt32());
        var expected = line.GetProperty("partition").GetInt32();
        return partition == expected ? null : $"partition {partition} instead of {expected}";
    });
}
