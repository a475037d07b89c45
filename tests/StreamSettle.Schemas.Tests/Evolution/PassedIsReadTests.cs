using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Evolution;
using StreamSettle.Schemas.Tests.Random;

namespace StreamSettle.Schemas.Tests.Evolution;

/// <summary>What the check lets pass can be read, whatever the schemas are.</summary>
public class PassedIsReadTests
{
    const int Pairs = 2_000;
    const int ValuesOfAPair = 5;

    static readonly (string From, string To)[] Mistakes = [("\"long\"", "\"int\""), ("\"double\"", "\"float\""), (""","default":["x","y"]""", ""), ("\"string\"", "\"boolean\""), ("\"S0\",", "")];

    [Fact]
    public void A_value_is_read_by_every_reader_that_the_check_lets_pass()
    {
        var (passed, refused) = (0, 0);
        Seeds.Each(Pairs, seed =>
        {
            var random = new System.Random(seed);
            var writer = (RecordSchema)AvroSchema.Parse(RandomSchema.Draw(random));
            var reader = (RecordSchema)AvroSchema.Parse(WithMistake(RandomSchema.Reader(random, writer), random));
            if (SchemaJudge.Problems(File(reader), File(writer), new Version(1, 0)).Any())
            {
                refused++;
                return;
            }

            passed++;
            var plan = AvroPlan.Compile(writer, reader);
            for (var i = 0; i < ValuesOfAPair; i++)
            {
                var bytes = new ByteBuffer();
                AvroValueWriter.Write(new RandomValue(random).Draw(writer), writer, bytes);
                AvroValueReader.Read(plan, bytes.Written);
            }
        });

        // Both must be common, or the mistakes are none.
        Assert.InRange(passed, Pairs / 10, Pairs);
        Assert.InRange(refused, Pairs / 10, Pairs);
    }

    static string WithMistake(string text, System.Random random) =>
        random.Next(2) == 0 ? text : Mistakes.OrderBy(_ => random.Next()).Select(mistake => text.Replace(mistake.From, mistake.To, StringComparison.Ordinal)).FirstOrDefault(changed => changed != text && IsSchema(changed)) ?? text;

    /// <summary>A default may not fit the other type.</summary>
    static bool IsSchema(string text)
    {
        try
        {
            return AvroSchema.Parse(text) is RecordSchema;
        }
        catch (AvroSchemaException)
        {
            return false;
        }
    }

    static SchemaFile File(RecordSchema schema) => new("drawn.avsc", "drawn.avsc", schema, CompatibilityLevel.Of("BACKWARD")!, "");
}
