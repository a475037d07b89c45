using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Calls;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Tests.Messages;

/// <summary>Commands and results in Avro: what this release writes, and what it makes of what others wrote.</summary>
public sealed class MessageTests : IDisposable
{
    const string Merchant = """{"name":"merchant",""";

    readonly MessageBench bench = new();

    public MessageTests()
    {
        foreach (var (message, at) in MessageSchema.All.Select((message, at) => (message, at)))
        {
            bench.Schemas.Use(message, at + 1);
        }
    }

    [Fact]
    public void A_command_comes_back_as_it_went()
    {
        var record = bench.Write(MessageBench.Command);
        var read = new DeliveryCommandAvro(bench.Schemas).Read(record);

        Assert.Equal(1, WireFormat.Read(record, out _));
        Assert.Equal((DeliveryCommandKind.Send, MessageBench.Command.Key, Lane.Priority, MessageBench.Command.DueAt), (read.Kind, read.Key, read.Lane, read.DueAt));
        Assert.Equal((437, true, 3, "{\"a\":1}"), (read.Merchant.Value, read.KeyAccount, read.InvoiceAt, System.Text.Encoding.UTF8.GetString(read.Body)));
        Assert.Equal((null, null, null), (read.By, read.RequestId, read.Note));
        read = new DeliveryCommandAvro(bench.Schemas).Read(bench.Write(new DeliveryCommand { Kind = DeliveryCommandKind.Discard, Key = default, Merchant = default, Lane = default, DueAt = default, By = "ann", RequestId = "", Note = "\ud83d\ude00" }));
        Assert.Equal(("ann", "", "\ud83d\ude00"), (read.By, read.RequestId, read.Note));
        Assert.True(read.Body.IsEmpty);
    }

    [Fact]
    public void A_call_whose_effect_was_undone_keeps_its_key_and_one_of_before_has_none_of_it()
    {
        var key = MessageBench.Result.Key with { Returns = 2 };
        Assert.Equal(MessageBench.Result with { Key = key }, new DeliveryResultAvro(bench.Schemas).Read(bench.Write(MessageBench.Result with { Key = key })));
        Assert.Equal(key, new DeliveryCommandAvro(bench.Schemas).Read(bench.Write(new DeliveryCommand { Kind = DeliveryCommandKind.Send, Key = key, Merchant = default, Lane = default, DueAt = default })).Key);

        // The first release's schema has no returns.
        bench.Registered[70] = File.ReadAllText(Path.Combine(Repository.Root, "schemas", "released", "0.1.0", "delivery-result.avsc"));
        var record = bench.Write(MessageBench.Result);
        var before = record[WireFormat.HeaderBytes..].ToList();
        before.RemoveAt(OfReturns(MessageBench.Result));
        Assert.Equal(MessageBench.Result, new DeliveryResultAvro(bench.Schemas).Read(MessageBench.Under(70, [.. before])));
    }

    /// <summary>Where the body has the number: what differs first from a result of another one.</summary>
    int OfReturns(DeliveryResult result)
    {
        var (one, other) = (bench.Write(result)[WireFormat.HeaderBytes..], bench.Write(result with { Key = result.Key with { Returns = 1 } })[WireFormat.HeaderBytes..]);
        return one.AsSpan().CommonPrefixLength(other);
    }

    [Fact]
    public void Every_kind_lane_leg_and_outcome_comes_back()
    {
        foreach (var kind in Enum.GetValues<DeliveryCommandKind>())
        {
            Assert.Equal(kind, new DeliveryCommandAvro(bench.Schemas).Read(bench.Write(new DeliveryCommand { Kind = kind, Key = default, Merchant = default, Lane = default, DueAt = default })).Kind);
        }

        foreach (var (lane, leg) in Enum.GetValues<Lane>().SelectMany(lane => Enum.GetValues<Leg>().Select(leg => (lane, leg))))
        {
            var read = new DeliveryCommandAvro(bench.Schemas).Read(bench.Write(new DeliveryCommand { Kind = DeliveryCommandKind.Send, Key = new(default, leg, 0), Merchant = default, Lane = lane, DueAt = default }));
            Assert.Equal((lane, leg), (read.Lane, read.Key.Leg));
        }

        foreach (var outcome in Enum.GetValues<DeliveryOutcome>())
        {
            var result = MessageBench.Result with { Outcome = outcome };
            Assert.Equal(result, new DeliveryResultAvro(bench.Schemas).Read(bench.Write(result)));
        }
    }

    [Fact]
    public void A_later_release_may_add_a_field_and_leave_one_out_that_has_a_default()
    {
        bench.Registered[70] = MessageBench.Other(MessageSchema.DeliveryResult, Merchant, """{"name":"region","type":{"type":"map","values":"string"},"default":{}},{"name":"merchant",""");
        var body = bench.Write(MessageBench.Result)[WireFormat.HeaderBytes..];
        var (head, tail) = SplitBeforeMerchant(body);
        byte[] region = [2, 2, (byte)'a', 2, (byte)'b', 0];

        Assert.Equal(MessageBench.Result, new DeliveryResultAvro(bench.Schemas).Read(MessageBench.Under(70, [.. head, .. region, .. tail])));

        // The release before this one had no note: its last field, and here it is null.
        var note = MessageSchema.DeliveryResult.Text.LastIndexOf(",{\"name\":\"note\"", StringComparison.Ordinal);
        bench.Registered[71] = MessageSchema.DeliveryResult.Text[..note] + "]}";
        var without = bench.Write(MessageBench.Result with { Note = null });

        Assert.Equal(MessageBench.Result with { Note = null }, new DeliveryResultAvro(bench.Schemas).Read(MessageBench.Under(71, without.AsSpan(WireFormat.HeaderBytes, without.Length - WireFormat.HeaderBytes - 1))));
    }

    [Fact]
    public void A_kind_of_a_later_release_is_waited_for_and_never_taken_for_another()
    {
        bench.Registered[70] = MessageBench.Other(MessageSchema.DeliveryCommand, "\"Claim\",\"Unknown\"", "\"Claim\",\"Postpone\",\"Unknown\"");
        var body = bench.Write(MessageBench.Command)[WireFormat.HeaderBytes..];
        body[0] = 6 << 1;
        var reader = new DeliveryCommandAvro(bench.Schemas);

        var waits = Assert.Throws<EnvironmentFailedException>(() => reader.Read(MessageBench.Under(70, body)).Kind);

        Assert.Contains("has a kind that this release does not know", waits.Message, StringComparison.Ordinal);
        Assert.Equal(waits.Message, bench.Schemas.HeldBack);
        bench.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(bench.Schemas.HeldBack);
        body[0] = 0;
        Assert.Equal(DeliveryCommandKind.Send, reader.Read(MessageBench.Under(70, body)).Kind);
    }

    [Fact]
    public void A_schema_that_the_registry_does_not_have_yet_is_asked_for_again()
    {
        var record = MessageBench.Under(70, bench.Write(MessageBench.Result).AsSpan(WireFormat.HeaderBytes));
        var reader = new DeliveryResultAvro(bench.Schemas);

        Assert.Contains("names schema 70, which the schema registry says that it does not have", Assert.Throws<EnvironmentFailedException>(() => reader.Read(record)).Message, StringComparison.Ordinal);
        bench.Registered[70] = MessageSchema.DeliveryResult.Text;
        Assert.Equal(MessageBench.Result, reader.Read(record));
    }

    [Fact]
    public void A_registry_that_means_other_schemas_is_told_by_the_names()
    {
        bench.Registered[70] = MessageSchema.DeliveryCommand.Text;
        bench.Registered[71] = "\"long\"";
        var body = bench.Write(MessageBench.Result).AsSpan(WireFormat.HeaderBytes).ToArray();
        var reader = new DeliveryResultAvro(bench.Schemas);

        Assert.Contains("schema 70 is record streamsettle.DeliveryCommand, and a record of streamsettle.DeliveryResult names it", Waits(70), StringComparison.Ordinal);
        Assert.Contains("schema 71 is long", Waits(71), StringComparison.Ordinal);

        string Waits(int id) => Assert.Throws<EnvironmentFailedException>(() => reader.Read(MessageBench.Under(id, body))).Message;
    }

    [Fact]
    public void Bytes_that_are_cut_off_are_corrupt_wherever()
    {
        var record = bench.Write(MessageBench.Result);
        var reader = new DeliveryResultAvro(bench.Schemas);
        for (var length = 0; length < record.Length; length++)
        {
            var part = record[..length];
            Assert.Throws<CorruptStateException>(() => reader.Read(part));
        }

        Assert.Throws<CorruptStateException>(() => reader.Read([.. record, 0]));
        Assert.Equal(MessageBench.Result, reader.Read(record));
    }

    [Fact]
    public void Nothing_is_written_before_there_is_an_id()
    {
        bench.Restart();

        Assert.Throws<BrokenInvariantException>(() => bench.Write(MessageBench.Result));
    }

    [Fact]
    public void A_call_costs_no_allocation()
    {
        var codec = new DeliveryCommandAvro(bench.Schemas);
        var to = new ByteBuffer();
        var total = 0L;
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1_100 * 7, total);

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                to.Clear();
                codec.Write(MessageBench.Command, new(to));
                total += codec.Read(to.Written).Body.Length;
            }
        }
    }

    public void Dispose() => bench.Dispose();

    /// <summary>outcome, key{order, leg, n} go before.</summary>
    static (byte[] Head, byte[] Tail) SplitBeforeMerchant(byte[] body)
    {
        var at = 0;
        for (var field = 0; field < 5; at++)
        {
            field += body[at] < 0x80 ? 1 : 0;
        }

        return (body[..at], body[at..]);
    }
}
