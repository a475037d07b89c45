using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Calls;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Tests.Messages;

/// <summary>The file of schemas in a state directory.</summary>
public sealed class KeptSchemasTests : IDisposable
{
    const string Registry = "http://registry";

    readonly MessageBench bench = new();

    [Fact]
    public void What_a_registry_said_is_read_after_a_restart_without_it()
    {
        bench.Schemas.Use(MessageSchema.DeliveryResult, 7);
        bench.Registered[70] = MessageBench.Other(MessageSchema.DeliveryResult, "{\"name\":\"attempt\",", "{\"name\":\"region\",\"type\":\"long\",\"default\":0},{\"name\":\"attempt\",");
        var record = MessageBench.Under(70, Inserted(bench.Write(MessageBench.Result)));
        Assert.Equal(MessageBench.Result, new DeliveryResultAvro(bench.Schemas).Read(record));

        bench.Restart();
        bench.Registered.Clear();

        Assert.Equal(1, bench.Asked);
        Assert.Equal(MessageBench.Result, new DeliveryResultAvro(bench.Schemas).Read(record));
        Assert.Equal(1, bench.Asked);
        Assert.Equal(7, bench.Schemas.KeptIdOf(MessageSchema.DeliveryResult));
        Assert.Null(bench.Schemas.KeptIdOf(MessageSchema.DeliveryCommand));
    }

    [Fact]
    public void What_cannot_be_kept_is_read_all_the_same_but_nothing_is_written_by_it()
    {
        bench.Schemas.Use(MessageSchema.DeliveryResult, 7);
        bench.Registered[70] = MessageSchema.DeliveryResult.Text;
        var record = MessageBench.Under(70, bench.Write(MessageBench.Result).AsSpan(WireFormat.HeaderBytes));

        // A directory in the place of the file that is written first.
        Directory.CreateDirectory(bench.File + ".new");

        Assert.Equal(MessageBench.Result, new DeliveryResultAvro(bench.Schemas).Read(record));
        Assert.Contains("cannot be written", Assert.Throws<EnvironmentFailedException>(() => bench.Schemas.Use(MessageSchema.DeliveryCommand, 8)).Message, StringComparison.Ordinal);
        Assert.Throws<BrokenInvariantException>(() => bench.Schemas.IdOf(MessageSchema.DeliveryCommand));
    }

    [Fact]
    public void Ids_of_another_registry_do_not_count()
    {
        KeptSchemas.Open(bench.Directory, Registry).Keep(7, MessageSchema.DeliveryCommand.Text);

        Assert.Null(KeptSchemas.Open(bench.Directory, "http://elsewhere").Find(7));
        Assert.Null(KeptSchemas.Open(bench.Directory, "http://elsewhere").IdOf(MessageSchema.DeliveryCommand));
        Assert.Null(KeptSchemas.Open(bench.Directory, KeptSchemas.Here).Find(7));
        Assert.Equal(MessageSchema.DeliveryCommand.Text, KeptSchemas.Open(bench.Directory, null).Find(7));
        Assert.Equal(7, KeptSchemas.Open(bench.Directory, Registry).IdOf(MessageSchema.DeliveryCommand));
    }

    [Fact]
    public void What_the_registry_says_last_counts()
    {
        var kept = KeptSchemas.Open(bench.Directory, Registry);
        kept.Keep(7, MessageSchema.DeliveryCommand.Text);
        kept.Keep(7, MessageSchema.DeliveryResult.Text);
        kept.Keep(8, MessageSchema.DeliveryCommand.Text);

        var read = KeptSchemas.Open(bench.Directory, Registry);

        Assert.Equal(MessageSchema.DeliveryResult.Text, read.Find(7));
        Assert.Equal((7, 8), (read.IdOf(MessageSchema.DeliveryResult), read.IdOf(MessageSchema.DeliveryCommand)));
    }

    [Fact]
    public void Without_a_registry_the_directory_is_one_and_ids_follow_from_the_texts()
    {
        var before = Here();
        before.UseHere();
        var record = MessageBench.Write(before, MessageBench.Result);

        Assert.Equal(MessageBench.Result, new DeliveryResultAvro(Here()).Read(record));
        Assert.Equal(MessageSchema.DeliveryResult.LocalId, WireFormat.Read(record, out _));
        Assert.Equal(MessageSchema.All.Count, MessageSchema.All.Select(message => message.LocalId).Distinct().Count());

        // Of another release's schema only the file knows.
        File.Delete(bench.File);
        var waits = Assert.Throws<EnvironmentFailedException>(() => new DeliveryResultAvro(Here()).Read(record));
        Assert.Contains($"names schema {MessageSchema.DeliveryResult.LocalId}, which schemas.json of StateDirectory does not have", waits.Message, StringComparison.Ordinal);

        MessageSchemas Here() => new(KeptSchemas.Open(bench.Directory, KeptSchemas.Here), null, bench.Time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"version":1,"schemas":[{"id":"x","from":"here","schema":"long"}]}""")]
    public void A_file_that_is_not_whole_says_what_to_do(string text)
    {
        File.WriteAllText(bench.File, text);

        var corrupt = Assert.Throws<CorruptStateException>(() => KeptSchemas.Open(bench.Directory, Registry));

        Assert.StartsWith(bench.File + " is not as it was written", corrupt.Message, StringComparison.Ordinal);
        Assert.Contains("Restore it from a backup", corrupt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_release_s_file_is_refused()
    {
        File.WriteAllText(bench.File, """{"version":2}""");

        Assert.Contains("has version 2, this program knows 1", Assert.Throws<UserMistakeException>(() => KeptSchemas.Open(bench.Directory, Registry)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_was_cut_off_leaves_the_file_before()
    {
        KeptSchemas.Open(bench.Directory, Registry).Keep(7, "\"long\"");
        File.WriteAllText(bench.File + ".new", """{"versi""");

        var kept = KeptSchemas.Open(bench.Directory, Registry);
        kept.Keep(8, "\"int\"");

        Assert.Equal(("\"long\"", "\"int\""), (kept.Find(7), KeptSchemas.Open(bench.Directory, Registry).Find(8)));
    }

    public void Dispose() => bench.Dispose();

    /// <summary>The body with a zero before the attempt, which stands behind outcome, key and merchant.</summary>
    static byte[] Inserted(byte[] record)
    {
        var at = WireFormat.HeaderBytes;
        for (var field = 0; field < 6; at++)
        {
            field += record[at] < 0x80 ? 1 : 0;
        }

        return [.. record[WireFormat.HeaderBytes..at], 0, .. record[at..]];
    }
}
