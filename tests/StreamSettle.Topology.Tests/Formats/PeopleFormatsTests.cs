using CsCheck;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Auditing;
using StreamSettle.Topology.Formats;
using StreamSettle.Topology.Operators;

namespace StreamSettle.Topology.Tests.Formats;

/// <summary>What people see of the service's topics (dead letters, holds, what operators ask, facts), in Avro and in the form before.</summary>
public sealed class PeopleFormatsTests : IDisposable
{
    readonly LocalMessages messages = new();
    readonly ByteBuffer buffer = new();
    readonly InternalFormats formats;

    public PeopleFormatsTests() => formats = messages.Formats(writesAvro: true);

    static DeadLetter Letter { get; } = new() { Id = "42:split:0", Stage = "split", OrderId = 42, MerchantId = 437, Reason = "refused \u00fc", Since = new(7), Attempts = 3, Payload = [0, 255, 7] };

    static DeadLetter Unreadable { get; } = new()
    {
        Id = "shop.public.orders-3@77", Stage = DeadLetter.Intake, Reason = "", Since = new(-7), Payload = [], Topic = "shop.public.orders", Partition = 3, Offset = 77, RecordKey = [1], RecordHeaders = [9, 0],
        RecordTimestampMs = 1_700_000_000_000, DiscardedBy = "ann",
    };

    public static TheoryData<int> Requests => [.. Enumerable.Range(0, AllRequests.Length)];

    static OperatorRequest[] AllRequests { get; } =
    [
        new OperatorRequest.Replay(new(new(1), Leg.Tax, 0), NeverCalculated: true, "ann", "r1"), new OperatorRequest.Replay(new(new(1), Leg.Split, 2), NeverCalculated: false, "ann", "r2", "why"),
        new OperatorRequest.Discard(new(new(-1), Leg.Calculation, 0), null, "bob", "r3"), new OperatorRequest.Discard(new(new(1), Leg.TaxRefund, 9), "lost", "bob", "r4"),
        new OperatorRequest.SendAgain(new(new(1), Leg.Commission, 1), "eve", "r5"), new OperatorRequest.Returned(new(new(1), Leg.Split, 0, 2), "account closed", new(9)),
        new OperatorRequest.Reread(new("shop.public.orders", 77, 5, [1, 2], [3], [0, 4]), "ann", "r6"), new OperatorRequest.PassOver(new("shop.public.orders", 78, -1, null, [], []), "ann", "r7"),
    ];

    public void Dispose() => messages.Dispose();

    [Fact]
    public void Dead_letters_come_back_byte_by_byte_in_either_form()
    {
        foreach (var letter in new[] { Letter, Unreadable })
        {
            var binary = Written(new BinarySerde<DeadLetter>(), letter);
            var avro = Written(formats.DeadLetters(), letter);
            Assert.True(MessageReader.Takes(avro));
            Assert.Equal(binary, formats.DeadLetterBytes().Read(avro));
            Assert.Equal(binary, formats.DeadLetterBytes().Read(binary));
            Assert.Equal(binary, Written(new BinarySerde<DeadLetter>(), formats.DeadLetters().Read(avro)));
            Assert.Equal(binary, Written(new BinarySerde<DeadLetter>(), formats.DeadLetters().Read(binary)));
        }
    }

    [Fact]
    public void Holds_come_back_in_either_form()
    {
        var hold = new Hold("h1", HoldScope.Of(Leg.Split), "looked into \ud83d\ude00", "ann", new(5), null);
        foreach (var one in new[] { hold, hold with { Until = new(9) }, hold with { Scope = HoldScope.Everything, Release = new("bob", "r1", "well", new(11)) } })
        {
            Assert.Equal(one, formats.Holds().Read(Written(formats.Holds(), one)));
            Assert.Equal(one, formats.Holds().Read(Written(new BinarySerde<Hold>(), one)));
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void What_operators_ask_comes_back_in_either_form(int at)
    {
        var request = AllRequests[at];
        var binary = Written(new OperatorRequestSerde(), request);
        var avro = Written(formats.OperatorRequests(), request);
        Assert.True(MessageReader.Takes(avro));
        Assert.Equal(binary, Written(new OperatorRequestSerde(), formats.OperatorRequests().Read(avro)));
        Assert.Equal(binary, Written(new OperatorRequestSerde(), formats.OperatorRequests().Read(binary)));
    }

    [Fact]
    public void Facts_are_for_the_audit_what_they_are_in_the_form_before_byte_by_byte() => Gen.Select(Gen.Long, Gen.String).Sample((order, text) =>
    {
        SettlementEvent[] facts =
        [
            new DeliveryConfirmed("42:split:0#1", "2026-11-02T09:00:01Z", "42:split:0", "split", 0, 1, text), new SettlementCancelled(text, "2026-11-02T09:00:01Z", "deleted"),
            new DeliveryReturned("7", "2026-11-02T09:00:01Z", "42:split:0", "split", 0, text, "2026-11-02T09:00:01Z"),
        ];
        foreach (var fact in facts.Select(fact => new OrderEvent(new(order), fact)))
        {
            var binary = Written(new OrderEventSerializer(), fact);
            var avro = Written(formats.Facts(), fact);
            Assert.True(MessageReader.Takes(avro));
            Assert.Equal(binary, formats.FactBytes().Read(avro));
            Assert.Equal(binary, formats.FactBytes().Read(binary));
        }
    }, threads: 1, iter: 100);

    [Fact]
    public void A_fact_costs_its_reader_no_allocation()
    {
        var record = Written(formats.Facts(), new OrderEvent(new(42), new SettlementCancelled("7", "2026-11-02T09:00:01Z", "deleted")));
        var reader = formats.FactBytes();
        var total = 0;
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(total > 0);

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                total += reader.Read(record).Length;
            }
        }
    }

    [Fact]
    public void A_kind_of_fact_of_a_later_release_is_waited_for()
    {
        var text = MessageSchema.SettlementFact.Text.Replace("\"DeliveryReturned\",\"Unknown\"", "\"DeliveryReturned\",\"DeliveryPraised\",\"Unknown\"", StringComparison.Ordinal);
        Assert.NotEqual(MessageSchema.SettlementFact.Text, text);
        messages.Keep(70, text);
        var record = Written(formats.Facts(), new OrderEvent(new(42), new DeliveryReturned("7", "2026-11-02T09:00:01Z", "42:split:0", "split", 0, "", "2026-11-02T09:00:01Z")));
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(1), 70);
        record[5] += 2;

        var reader = messages.Formats(writesAvro: true).FactBytes();
        Assert.Contains("has a kind that this release does not know", Assert.Throws<EnvironmentFailedException>(() => reader.Read(record)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Written_in_the_form_before_nothing_is_in_Avro()
    {
        var before = messages.Formats(writesAvro: false);
        Assert.False(MessageReader.Takes(Written(before.DeadLetters(), Letter)));
        Assert.False(MessageReader.Takes(Written(before.OperatorRequests(), AllRequests[0])));
        Assert.False(MessageReader.Takes(Written(before.Facts(), new OrderEvent(new(42), new SettlementCancelled("7", "2026-11-02T09:00:01Z", "deleted")))));
        Assert.Equal(Letter.Payload, before.DeadLetters().Read(Written(formats.DeadLetters(), Letter)).Payload);
    }

    byte[] Written<T>(ISerializer<T> serializer, T value)
        where T : allows ref struct
    {
        buffer.Clear();
        serializer.Write(value, new(buffer));
        return buffer.Written.ToArray();
    }
}
