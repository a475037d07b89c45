using System.Text.Json;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Schemas.Tests.Vectors;

/// <summary>What values are in bytes.</summary>
[Trait("Category", "Vectors")]
public class BinaryVectorTests
{
    [Fact]
    public void Values_have_exactly_these_bytes() => AvroVectors.CheckAll("derived/binary-encoding.json", AvroVectors.Cases("derived/binary-encoding.json"), one =>
    {
        var (schema, bytes) = Case(one);
        var value = Read(schema, bytes);
        var written = new ByteBuffer();
        AvroValueWriter.Write(value, schema, written);
        return ValueJson.Difference(value, schema, one.GetProperty("datum"))
            ?? (written.Written.SequenceEqual(bytes) ? null : $"{Convert.ToHexString(written.Written)} was written for {one.GetRawText()}");
    });

    [Fact]
    public void Odd_but_legal_bytes_are_read() => AvroVectors.CheckAll("derived/decode-edge-cases.json", AvroVectors.Cases("derived/decode-edge-cases.json", "decode"), one =>
    {
        var (schema, bytes) = Case(one);
        return ValueJson.Difference(Read(schema, bytes), schema, one.GetProperty("expected"));
    });

    [Fact]
    public void Malformed_bytes_are_refused() => AvroVectors.CheckAll("derived/decode-edge-cases.json", AvroVectors.Cases("derived/decode-edge-cases.json", "mustFail"), one =>
    {
        var (schema, bytes) = Case(one);
        try
        {
            return $"{one.GetProperty("name")} was read as {Read(schema, bytes)}";
        }
        catch (AvroDataException)
        {
            return null;
        }
    });

    [Fact]
    public void A_single_object_is_its_fingerprint_and_its_value()
    {
        var schema = AvroSchema.Parse(File.ReadAllText(AvroVectors.Of("share/data/messageV1/test_schema.avsc")));
        var message = File.ReadAllBytes(AvroVectors.Of("share/data/messageV1/test_message.bin"));

        Assert.Equal([0xC3, 0x01, .. BitConverter.GetBytes(Avro.Identity.Fingerprint.Crc64(schema))], message[..10]);
        var value = Assert.IsType<AvroValue.Record>(Read(schema, message.AsSpan(10)));
        Assert.Equal((new AvroValue.Long(42), new AvroValue.Text("Bill")), (value["id"], value["name"]));
    }

    [Fact]
    public void Events_of_Debezium_are_read_and_written_to_the_same_bytes()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(AvroVectors.Of("derived/debezium-examples.json")));
        var schema = AvroSchema.Parse(document.RootElement.GetProperty("avroValueSchema").GetRawText());
        AvroVectors.CheckAll("derived/debezium-examples.json", AvroVectors.Cases("derived/debezium-examples.json", "dataEvents"), one =>
        {
            var bytes = Convert.FromHexString(one.EnumerateObject().Single(member => member.Name.StartsWith("avroValue", StringComparison.Ordinal)).Value.GetString()!.Replace(" ", "", StringComparison.Ordinal));
            var value = (AvroValue.Record)Read(schema, bytes.AsSpan(5));
            var written = new ByteBuffer();
            AvroValueWriter.Write(value, schema, written);
            return written.Written.SequenceEqual(bytes.AsSpan(5)) && value["op"] == new AvroValue.Text(one.GetProperty("jsonValueNoSchema").GetProperty("op").GetString()!)
                ? null
                : $"{one.GetProperty("name")}: {Convert.ToHexString(written.Written)}";
        });
    }

    static (AvroSchema Schema, byte[] Bytes) Case(JsonElement one) =>
        (AvroSchema.Parse(AvroVectors.SchemaText(one.GetProperty("schema"))), Convert.FromHexString(one.GetProperty("hex").GetString()!));

    static AvroValue Read(AvroSchema schema, ReadOnlySpan<byte> bytes) => AvroValueReader.Read(AvroPlan.Compile(schema, schema), bytes);
}
