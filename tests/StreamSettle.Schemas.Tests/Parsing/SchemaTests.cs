using System.Text;
using StreamSettle.Schemas.Avro.Compatibility;
using StreamSettle.Schemas.Avro.Identity;

namespace StreamSettle.Schemas.Tests.Parsing;

public class SchemaTests
{
    [Theory]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}""", "fields[1]", "two fields 'a'")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"array","items":"Nope"}}]}""", "fields[0].type.items", "'Nope'")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":"x"}]}""", "fields[0].default", "no int")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":["null","int"],"default":"x"}]}""", "fields[0].default", "no [null, int]")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"S","fields":[{"name":"b","type":"int"}]},"default":{}}]}""", "fields[0].default", "no 'b'")]
    [InlineData("""["int",["null"]]""", "[1]", "directly in a union")]
    [InlineData("""["int","int"]""", "[1]", "twice")]
    [InlineData("""{"type":"fixed","name":"F","size":1.5}""", "size", "1.5")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A\n"]}""", "symbols", "is no name")]
    [InlineData("""{"type":"fixed","name":"F","namespace":"a..b","size":1}""", "name", "is no name")]
    [InlineData("int", "", "in quotes")]
    public void What_is_wrong_is_named_with_its_place(string text, string path, string problem)
    {
        var wrong = Assert.Throws<AvroSchemaException>(() => AvroSchema.Parse(text));

        Assert.Equal(path, wrong.Path);
        Assert.Contains(problem, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_may_be_named_before_it_is_defined()
    {
        var schema = AvroSchema.Parse("""
            {"type":"record","name":"R","namespace":"x","fields":[{"name":"a","type":"E"},{"name":"b","type":{"type":"map","values":{"type":"enum","name":"E","symbols":["A"]}}},{"name":"c","type":"x.E"}]}
            """);

        Assert.Equal("""{"name":"x.R","type":"record","fields":[{"name":"a","type":{"name":"x.E","type":"enum","symbols":["A"]}},{"name":"b","type":{"type":"map","values":"x.E"}},{"name":"c","type":"x.E"}]}""", CanonicalForm.Of(schema));
    }

    [Fact]
    public void Attributes_that_are_not_Avros_are_kept()
    {
        var schema = AvroSchema.Parse("""{"type":"long","connect.name":"io.debezium.time.Timestamp","connect.version":1}""");

        Assert.Equal("io.debezium.time.Timestamp", schema.Attribute("connect.name"));
        Assert.Null(schema.Attribute("connect.version"));
        Assert.True(schema.Attributes.ContainsKey("connect.version"));
    }

    [Fact]
    public void A_schema_that_would_take_all_stack_time_or_memory_is_refused()
    {
        const int many = 20_000;
        var nested = string.Concat(Enumerable.Repeat("""{"type":"array","items":""", 5_000)) + "\"int\"" + new string('}', 5_000);
        var backwards = Union(many, i => Field("f", i + 1 < many ? $"R{i + 1}" : "int"));
        var filling = """{"type":"record","name":"R","fields":[{"name":"f","type":"R","default":{}}]}""";
        var doubling = Union(60, i => i == 0 ? "" : $"{Filled("f", $"R{i - 1}")},{Filled("g", $"R{i - 1}")}");

        Assert.All(new[] { nested, backwards, filling, doubling }, text => Assert.Throws<AvroSchemaException>(() => AvroSchema.Parse(text)));

        var deep = Union(many, i => i == 0 ? "" : Field("f", $"R{i - 1}"));
        var (schema, other) = ((UnionSchema)AvroSchema.Parse(deep), (UnionSchema)AvroSchema.Parse(deep));
        Assert.Throws<AvroSchemaException>(() => InSmallStack(() => AvroPlan.Compile(schema.Branches[^1], schema.Branches[^1])));
        Assert.Throws<AvroSchemaException>(() => InSmallStack(() => AvroPlan.Compile(schema.Branches[^1], schema.Branches[^1], new AvroBinding().Bind("f", 0))));
        Assert.Throws<AvroSchemaException>(() => InSmallStack(() => SchemaCompatibility.Check(schema.Branches[^1], other.Branches[^1])));

        static string Field(string name, string type) => $$"""{"name":"{{name}}","type":"{{type}}"}""";
        static string Filled(string name, string type) => $$"""{"name":"{{name}}","type":"{{type}}","default":{} }""";
        static string Union(int count, Func<int, string> fields) =>
            $"[{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"type":"record","name":"R{{i}}","fields":[{{fields(i)}}]}"""))}]";
    }

    [Fact]
    public void Random_text_is_a_schema_or_refused() => Seeds.Each(200, seed =>
    {
        var random = new System.Random(seed);
        var text = Encoding.UTF8.GetBytes(Random.RandomSchema.Draw(random));
        for (var i = 0; i < 50; i++)
        {
            var changed = (byte[])text.Clone();
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                changed[random.Next(changed.Length)] = (byte)"{}[]\",:nR0x "[random.Next(12)];
            }

            try
            {
                AvroSchema.Parse(Encoding.UTF8.GetString(changed));
            }
            catch (AvroSchemaException)
            {
                // The expected outcome of most.
            }
        }
    });

    static void InSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action), 256 * 1024);
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }
}
