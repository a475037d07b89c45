namespace StreamSettle.Schemas.Tests.Reading;

/// <summary>What is wrong, where it is, and whose mistake it is.</summary>
public class FaultTests
{
    const string Order = """
        {"type":"record","name":"Order","fields":[{"name":"id","type":"long"},{"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[
          {"name":"sku","type":"string"},{"name":"kind","type":{"type":"enum","name":"Kind","symbols":["A","B"]}},{"name":"gift","type":["null","boolean"]}]}}}]}
        """;

    [Theory]
    [InlineData("02", AvroFault.Truncated, 1, "lines[0]")]
    [InlineData("0202026b", AvroFault.Truncated, 1, "lines[0]")]
    [InlineData("0202046b6b", AvroFault.Truncated, 5, "lines[0].kind")]
    [InlineData("0202026b04", AvroFault.BadSymbol, 4, "lines[0].kind")]
    [InlineData("0202026b0004", AvroFault.BadBranch, 5, "lines[0].gift")]
    [InlineData("0202026b000202", AvroFault.BadBoolean, 6, "lines[0].gift")]
    [InlineData("020202ff0000", AvroFault.BadText, 3, "lines[0].sku")]
    [InlineData("0202010000", AvroFault.NegativeLength, 2, "lines[0].sku")]
    [InlineData("020104026b000000", AvroFault.BadBlock, 7, "lines[1]")]
    [InlineData("ffffffffffffffffffff01", AvroFault.NumberTooLong, 0, "id")]
    [InlineData("020101", AvroFault.NegativeLength, 2, "lines[0]")]
    [InlineData("020000", AvroFault.TrailingBytes, 2, "")]
    public void Bytes_that_are_not_of_the_schema_are_named_with_place_and_path(string hex, AvroFault fault, int offset, string path)
    {
        var schema = AvroSchema.Parse(Order);
        var plan = AvroPlan.Compile(schema, schema);
        var wrong = Assert.Throws<AvroDataException>(() => AvroValueReader.Read(plan, Convert.FromHexString(hex)));

        Assert.Equal((fault, offset, path), (wrong.Fault, wrong.Offset, wrong.Path));
        Assert.Contains($"at byte {offset}", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_beginning_of_a_value_is_truncated_also_where_nobody_wants_it()
    {
        var schema = AvroSchema.Parse(Order);
        var value = Convert.FromHexString("0204026b020201046b6b000000");
        foreach (var plan in new[] { AvroPlan.Compile(schema, schema), AvroPlan.Compile(schema, schema, new AvroBinding().Bind("id", 0)) })
        {
            SlotSink.Read(plan, value);
            for (var length = 0; length < value.Length; length++)
            {
                Assert.Equal(AvroFault.Truncated, Assert.Throws<AvroDataException>(() => SlotSink.Read(plan, value.AsSpan(0, length))).Fault);
            }
        }
    }

    [Theory]
    [InlineData("\"long\"", "\"int\"", ResolutionRule.TypesMatch, "")]
    [InlineData("""{"type":"fixed","name":"F","size":2}""", """{"type":"fixed","name":"F","size":3}""", ResolutionRule.SizesMatch, "")]
    [InlineData("""{"type":"fixed","name":"F","size":2}""", """{"type":"fixed","name":"G","size":2}""", ResolutionRule.NamesMatch, "")]
    [InlineData("\"string\"", """["null","int"]""", ResolutionRule.BranchMatches, "")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"S","fields":[]}}]}""", """{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"S","fields":[{"name":"b","type":"int"}]}}]}""", ResolutionRule.FieldHasDefault, "a.b")]
    public void Schemas_that_no_value_gets_through_are_refused_when_the_plan_is_compiled(string writer, string reader, ResolutionRule rule, string path)
    {
        var problem = Assert.Single(Assert.Throws<AvroResolutionException>(() => AvroPlan.Compile(AvroSchema.Parse(writer), AvroSchema.Parse(reader))).Problems);

        Assert.Equal((rule, path), (problem.Rule, problem.Path));
    }

    [Fact]
    public void A_branch_or_symbol_that_the_reader_cannot_take_is_refused_when_it_was_written()
    {
        var union = AvroPlan.Compile(AvroSchema.Parse("""["null","string"]"""), AvroSchema.Parse("""["null","int"]"""));
        var symbols = AvroPlan.Compile(AvroSchema.Parse("""{"type":"enum","name":"E","symbols":["A","B"]}"""), AvroSchema.Parse("""{"type":"enum","name":"E","symbols":["B"]}"""));

        Assert.Equal("0:branch 0 0:null", SlotSink.Read(union, [0]));
        Assert.Equal(ResolutionRule.BranchMatches, Assert.Throws<AvroResolutionException>(() => SlotSink.Read(union, [2, 2, 0x61])).Problems[0].Rule);
        Assert.Equal("0:B", SlotSink.Read(symbols, [2]));
        Assert.Equal(ResolutionRule.SymbolIsKnown, Assert.Throws<AvroResolutionException>(() => SlotSink.Read(symbols, [0])).Problems[0].Rule);
    }

    [Fact]
    public void A_value_asks_for_no_more_than_the_limits()
    {
        var nothings = AvroSchema.Parse("""{"type":"array","items":"null"}""");
        var deep = AvroSchema.Parse("""{"type":"record","name":"R","fields":[{"name":"next","type":["null","R"]}]}""");
        var endless = AvroSchema.Parse("""{"type":"record","name":"R","fields":[{"name":"self","type":"R"}]}""");
        var many = AvroSchema.Parse($$"""{"type":"record","name":"R0","fields":[]}""");
        var doubled = AvroSchema.Parse(Enumerable.Range(1, 40).Aggregate("""{"type":"record","name":"R0","fields":[]}""", (inner, i) => $$"""{"type":"record","name":"R{{i}}","fields":[{"name":"a","type":{{inner}}},{"name":"b","type":"R{{i - 1}}"}]}"""));

        Assert.All(new[] { (nothings, "82897a00"), (deep, string.Concat(Enumerable.Repeat("02", 65)) + "00"), (endless, ""), (doubled, "") }, one =>
        {
            foreach (var plan in new[] { AvroPlan.Compile(one.Item1, one.Item1), AvroPlan.Compile(Around(one.Item1), AvroSchema.Parse("""{"type":"record","name":"Around","fields":[]}""")) })
            {
                Assert.Equal(AvroFault.OverLimit, Assert.Throws<AvroDataException>(() => SlotSink.Read(plan, Convert.FromHexString(one.Item2))).Fault);
            }
        });
        Assert.Equal(AvroFault.OverLimit, Assert.Throws<AvroDataException>(() => SlotSink.Read(AvroPlan.Compile(many, many, new AvroLimits { MaxBytes = 3 }), new byte[4])).Fault);
    }

    static AvroSchema Around(AvroSchema schema) => new RecordSchema(new("Around", ""), []) { Fields = [new("inner", schema, 0, [])] };
}
