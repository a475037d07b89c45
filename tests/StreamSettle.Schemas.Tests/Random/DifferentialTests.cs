using StreamSettle.Kernel.Bytes;
using Generic = global::Avro.Generic;

namespace StreamSettle.Schemas.Tests.Random;

/// <summary>Random schemas and values come out as Apache.Avro has them.</summary>
public class DifferentialTests
{
    [Fact]
    public void Values_are_read_and_written_as_by_Apache() => Seeds.Each(300, seed =>
    {
        var random = new System.Random(seed);
        var text = RandomSchema.Draw(random);
        var schema = AvroSchema.Parse(text);
        var bytes = Write(new RandomValue(random).Draw(schema), schema);

        Assert.Equal(Convert.ToHexString(ByApache(text, text, bytes)), Convert.ToHexString(bytes));
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(ByPlan(schema, schema, bytes)));
    });

    [Fact]
    public void Values_are_resolved_as_by_Apache() => Seeds.Each(300, seed =>
    {
        var random = new System.Random(seed);
        var writerText = RandomSchema.Draw(random);
        var writer = AvroSchema.Parse(writerText);
        var readerText = RandomSchema.Reader(random, writer);
        var bytes = Write(new RandomValue(random).Draw(writer), writer);

        var found = Convert.ToHexString(ByPlan(writer, AvroSchema.Parse(readerText), bytes));
        var expected = Convert.ToHexString(ByApache(writerText, readerText, bytes));
        Assert.True(found == expected, $"{found} instead of {expected}: {writerText} read as {readerText}");
    });

    [Fact]
    public void What_is_passed_over_ends_where_it_ends_when_it_is_read() => Seeds.Each(300, seed =>
    {
        var random = new System.Random(seed);
        var inner = RandomSchema.Draw(random);
        var schema = AvroSchema.Parse($$"""{"type":"record","name":"Outer","fields":[{"name":"first","type":{{inner}}},{"name":"last","type":"int"}]}""");
        var value = (AvroValue.Record)new RandomValue(random).Draw(schema);
        var plan = AvroPlan.Compile(schema, schema, new AvroBinding().Bind("last", 7));

        Assert.Equal($"-1:{{ 7:int {((AvroValue.Int)value["last"]).Value} -1:}}", Reading.SlotSink.Read(plan, Write(value, schema)));
    });

    static byte[] Write(AvroValue value, AvroSchema schema)
    {
        var bytes = new ByteBuffer();
        AvroValueWriter.Write(value, schema, bytes);
        return bytes.Written.ToArray();
    }

    static byte[] ByPlan(AvroSchema writer, AvroSchema reader, byte[] bytes) => Write(AvroValueReader.Read(AvroPlan.Compile(writer, reader), bytes), reader);

    static byte[] ByApache(string writer, string reader, byte[] bytes)
    {
        var (from, to) = (global::Avro.Schema.Parse(writer), global::Avro.Schema.Parse(reader));
        using var input = new MemoryStream(bytes);
        var value = new Generic.GenericDatumReader<object>(from, to).Read(null!, new global::Avro.IO.BinaryDecoder(input));
        Assert.Equal(bytes.Length, input.Position);
        using var output = new MemoryStream();
        new Generic.GenericDatumWriter<object>(to).Write(value, new global::Avro.IO.BinaryEncoder(output));
        return output.ToArray();
    }
}
