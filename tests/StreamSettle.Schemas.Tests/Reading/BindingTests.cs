using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Schemas.Tests.Reading;

public class BindingTests
{
    const string Envelope = """
        {"type":"record","name":"E","fields":[
          {"name":"before","type":["null",{"type":"record","name":"V","fields":[{"name":"id","type":"long"},{"name":"note","type":["null","string"]},{"name":"lines","type":{"type":"array","items":{"type":"record","name":"L","fields":[{"name":"n","type":"int"},{"name":"tag","type":"string"}]}}}]}]},
          {"name":"after","type":["null","V"]},
          {"name":"op","type":{"type":"enum","name":"Op","symbols":["c","u","d"]}},
          {"name":"extra","type":{"type":"map","values":"double"}}]}
        """;

    static readonly AvroSchema Schema = AvroSchema.Parse(Envelope);

    static readonly byte[] Value = Bytes("""{"before":null,"after":{"id":7,"note":"ü","lines":[{"n":1,"tag":"a"},{"n":2,"tag":"b"}]},"op":1,"extra":{"x":1.5}}""");

    [Fact]
    public void Only_what_is_bound_comes_and_each_place_in_its_slot()
    {
        var binding = new AvroBinding().Bind("before", 0).Bind("before.id", 1).Bind("after", 2).Bind("after.id", 3).Bind("after.note", 4).Bind("op", 5);

        Assert.Equal("-1:{ 0:null 2:{ 3:long 7 4:'ü' 2:} 5:u -1:}", SlotSink.Read(AvroPlan.Compile(Schema, Schema, binding), Value));
    }

    [Fact]
    public void Items_are_bound_by_brackets()
    {
        var binding = new AvroBinding().Bind("after.lines", 1).Bind("after.lines.[].n", 2).Bind("extra.[]", 3).Bind("nowhere.at.all", 4).Bind("op.part", 5);

        Assert.Equal("-1:{ -1:{ 1:[ -1:{ 2:int 1 -1:} -1:{ 2:int 2 -1:} 1:] -1:} -1:< x=3:double 1.5 -1:> -1:}", SlotSink.Read(AvroPlan.Compile(Schema, Schema, binding), Value));
    }

    [Fact]
    public void A_whole_value_has_its_fields_positions_and_its_branches() => Assert.Equal(
        "0:{ 0:branch 0 0:null 1:branch 1 1:{ 0:long 7 1:branch 1 1:'ü' 2:[ 0:{ 0:int 1 1:'a' 0:} 0:{ 0:int 2 1:'b' 0:} 2:] 1:} 2:u 3:< x=0:double 1.5 3:> 0:}",
        SlotSink.Read(AvroPlan.Compile(Schema, Schema), Value));

    [Fact]
    public void A_bound_field_that_the_writer_has_not_comes_with_its_default_and_under_its_alias()
    {
        var reader = AvroSchema.Parse("""
            {"type":"record","name":"E","fields":[{"name":"kind","aliases":["op"],"type":{"type":"enum","name":"Op","symbols":["d","x"],"default":"x"}},
              {"name":"count","type":"long","default":5},{"name":"silent","type":"string","default":"s"},{"name":"list","type":{"type":"array","items":"int"},"default":[1,2]}]}
            """);
        var binding = new AvroBinding().Bind("kind", 1).Bind("count", 2).Bind("list.[]", 3);

        Assert.Equal("-1:{ 1:x 2:long 5 -1:[ 3:int 1 3:int 2 -1:] -1:}", SlotSink.Read(AvroPlan.Compile(Schema, reader, binding), Value));
    }

    [Fact]
    public void Reading_by_slots_allocates_nothing()
    {
        var plan = AvroPlan.Compile(Schema, Schema, new AvroBinding().Bind("after.id", 1).Bind("after.note", 2).Bind("op", 3).Bind("after.lines.[].n", 1));
        var sink = new Sum();
        Run(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1_010 * (7 + 1 + 2 + 2 + 1), sink.Total);

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                plan.Read(Value, ref sink);
            }
        }
    }

    /// <summary>A value of the schema above: it is written by hand here, so that reading is not checked by itself.</summary>
    static byte[] Bytes(string json)
    {
        var value = System.Text.Json.JsonDocument.Parse(json).RootElement;
        var bytes = new ByteBuffer();
        var to = new Avro.Binary.AvroEncoder(bytes);
        var after = value.GetProperty("after");
        to.Long(0);
        to.Long(1);
        to.Long(after.GetProperty("id").GetInt64());
        to.Long(1);
        to.Bytes(System.Text.Encoding.UTF8.GetBytes(after.GetProperty("note").GetString()!));
        to.Long(after.GetProperty("lines").GetArrayLength());
        foreach (var line in after.GetProperty("lines").EnumerateArray())
        {
            to.Int(line.GetProperty("n").GetInt32());
            to.Bytes(System.Text.Encoding.UTF8.GetBytes(line.GetProperty("tag").GetString()!));
        }

        to.Long(0);
        to.Int(value.GetProperty("op").GetInt32());
        to.Long(1);
        to.Bytes("x"u8);
        to.Double(1.5);
        to.Long(0);
        return bytes.Written.ToArray();
    }

    struct Sum : IAvroSink
    {
        public long Total { get; private set; }

        public void Int(int slot, int value) => Total += value;

        public void Long(int slot, long value) => Total += value;

        public void Text(int slot, ReadOnlySpan<byte> value) => Total += value.Length;

        public void Enum(int slot, int symbol, EnumSchema schema) => Total += symbol;

        public readonly void BeginRecord(int slot, RecordSchema schema)
        {
        }

        public readonly void EndRecord(int slot)
        {
        }

        public readonly void BeginArray(int slot)
        {
        }

        public readonly void EndArray(int slot)
        {
        }
    }
}
