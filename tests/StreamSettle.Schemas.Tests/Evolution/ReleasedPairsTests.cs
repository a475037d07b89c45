using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Evolution;
using StreamSettle.Schemas.Tests.Random;

namespace StreamSettle.Schemas.Tests.Evolution;

/// <summary>Readers of one version read what the other wrote: values, not only schemas, for every pair of what was released and what is now, as the levels promise.</summary>
public class ReleasedPairsTests
{
    const int Values = 200;

    /// <summary>The next release has them.</summary>
    static readonly string[] NotReleasedYet = ["dead-letter.avsc", "hold.avsc", "operator-command.avsc", "settlement-fact.avsc"];

    public static TheoryData<string> Files => [.. OurSchemas.Folder.Current.Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_released_pair_reads_each_other_as_its_level_promises(string name)
    {
        var folder = OurSchemas.Folder;
        List<SchemaFile> versions = [.. folder.Releases.Select(release => release.File(name)).OfType<SchemaFile>(), folder.Current.Single(file => file.Name == name)];
        for (var newer = 1; newer < versions.Count; newer++)
        {
            for (var older = 0; older < newer; older++)
            {
                ReadEachOther(versions[older], versions[newer]);
            }
        }

        Assert.True(versions.Count > 1 || NotReleasedYet.Contains(name), $"{name} was never released");
    }

    [Theory]
    [InlineData("add")]
    [InlineData("rename")]
    [InlineData("retire")]
    public void What_the_check_lets_pass_is_read_both_ways(string change)
    {
        using var schemas = EditedSchemas.Next(change);
        var folder = schemas.Folder;

        Assert.Empty(schemas.Problems);
        Assert.All(folder.Current, file => ReadEachOther(folder.Releases[0].File(file.Name)!, file));
    }

    [Fact]
    public void What_is_renamed_with_an_alias_keeps_its_value()
    {
        using var schemas = EditedSchemas.Next("rename");
        var folder = schemas.Folder;
        var (older, newer) = (folder.Releases[0].File("merchant-change.avsc")!, folder.Current.Single(file => file.Name == "merchant-change.avsc"));
        var rows = 0;
        Seeds.Each(Values, seed =>
        {
            var (_, written, read) = Pass(older.Schema, newer.Schema, seed);
            if (written["row"] is AvroValue.Union { Value: AvroValue.Record row })
            {
                Assert.Equal(row["timeZone"], ((AvroValue.Record)((AvroValue.Union)read["row"]).Value)["zone"]);
                rows++;
            }
        });
        Assert.InRange(rows, 1, Values - 1);
    }

    static void ReadEachOther(SchemaFile older, SchemaFile newer)
    {
        Assert.True(newer.Level.Backward || newer.Level.Forward, $"{newer.Path} promises nothing");
        Seeds.Each(Values, seed =>
        {
            if (newer.Level.Backward)
            {
                Keeps(older.Schema, newer.Schema, seed);
            }

            if (newer.Level.Forward)
            {
                Keeps(newer.Schema, older.Schema, seed);
            }
        });
    }

    /// <summary>What is read is a value of the reader's schema, and what both schemas have by one name and type is what was written.</summary>
    static void Keeps(RecordSchema writer, RecordSchema reader, int seed)
    {
        var (bytes, written, read) = Pass(writer, reader, seed);
        var again = new ByteBuffer();
        AvroValueWriter.Write(read, reader, again);
        foreach (var field in reader.Fields.Where(field => writer.Field(field.Name) is { } same && Avro.Identity.CanonicalForm.Of(same.Schema) == Avro.Identity.CanonicalForm.Of(field.Schema)))
        {
            Assert.Equal(Encoded(written[field.Name], field.Schema), Encoded(read[field.Name], field.Schema));
        }

        Assert.NotEmpty(bytes);
    }

    static (byte[] Bytes, AvroValue.Record Written, AvroValue.Record Read) Pass(RecordSchema writer, RecordSchema reader, int seed)
    {
        var written = (AvroValue.Record)new RandomValue(new System.Random(seed)).Draw(writer);
        var bytes = Encoded(written, writer);
        return (bytes, written, (AvroValue.Record)AvroValueReader.Read(AvroPlan.Compile(writer, reader), bytes));
    }

    static byte[] Encoded(AvroValue value, AvroSchema schema)
    {
        var bytes = new ByteBuffer();
        AvroValueWriter.Write(value, schema, bytes);
        return bytes.Written.ToArray();
    }
}
