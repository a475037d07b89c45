using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Schemas.Tests.Vectors;

/// <summary>Files that other implementations wrote.</summary>
[Trait("Category", "Vectors")]
public class ContainerVectorTests
{
    public static TheoryData<string, int> Files => new()
    {
        { "share/data/schemas/simple/data.avro", 3 }, { "share/data/schemas/withUnion/data.avro", 3 }, { "share/data/weather.avro", 5 },
        { "share/data/weather-deflate.avro", 5 }, { "share/data/weather-snappy.avro", 5 }, { "share/data/weather-zstd.avro", 5 }, { "share/data/weather-sorted.avro", 5 },
        { "share/data/syncInMeta.avro", 6001 }, { "lang-js/person-10.avro", 10 }, { "lang-c/avro-1237-good.avro", 2 }, { "lang-c/avro-1238-good.avro", 2 },
        { "lang-c/avro-1279-codec.avro", 3 }, { "lang-c/avro-1279-no-codec.avro", 3 }, { "interop-rpc/add/onePlusOne/request.avro", 1 },
        { "interop-rpc/add/onePlusOne/response.avro", 1 }, { "interop-rpc/echo/foo/request.avro", 1 }, { "interop-rpc/echo/foo/response.avro", 1 },
        { "interop-rpc/hello/world/request.avro", 1 }, { "interop-rpc/hello/world/response.avro", 1 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_value_is_read_and_written_to_the_same_bytes(string file, int values)
    {
        var container = new ContainerFile(File.ReadAllBytes(AvroVectors.Of(file)));
        var list = PlanOfMany(container.Schema);
        var read = 0;
        foreach (var (count, content) in container.Blocks())
        {
            // A block's values have the form of an array's, but for the count before and the 0 behind.
            var array = new ByteBuffer();
            new Avro.Binary.AvroEncoder(array).Long(count);
            array.Write(content);
            new Avro.Binary.AvroEncoder(array).Long(0);
            var items = Assert.IsType<AvroValue.Array>(AvroValueReader.Read(list, array.Written));
            var written = new ByteBuffer();
            AvroValueWriter.Write(items, list.Reader, written);
            Assert.Equal(Convert.ToHexString(array.Written), Convert.ToHexString(written.Written));
            read += items.Items.Count;
        }

        Assert.Equal(values, read);
    }

    [Fact]
    public void A_branch_that_the_union_has_not_is_refused()
    {
        var container = new ContainerFile(File.ReadAllBytes(AvroVectors.Of("lang-c/avro-1237-bad-union-discriminant.avro")));
        var values = container.Blocks().First().Values;
        var plan = AvroPlan.Compile(container.Schema, container.Schema);

        Assert.Equal(AvroValue.Null.Value, ((AvroValue.Union)AvroValueReader.Read(plan, values.AsSpan(0, 1))).Value);
        Assert.Equal((AvroFault.BadBranch, 0), Fault(Assert.Throws<AvroDataException>(() => AvroValueReader.Read(plan, values.AsSpan(1)))));
    }

    [Fact]
    public void A_file_that_ends_within_a_block_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new ContainerFile(File.ReadAllBytes(AvroVectors.Of("lang-c/avro-1238-truncated.avro"))).Blocks().Count());

    static (AvroFault, int) Fault(AvroDataException e) => (e.Fault, e.Offset);

    static AvroPlan PlanOfMany(AvroSchema schema)
    {
        var many = new ArraySchema(schema);
        return AvroPlan.Compile(many, many);
    }
}
