using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Names;
using static StreamSettle.Topology.Tests.Bench.TestBench;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>A change that cannot be read may have been a refund or a cancellation: what was known before it is not paid until it is read, overtaken or discarded.</summary>
public sealed class UnreadableChangesTests : IDisposable
{
    readonly TestBench bench = new();
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    ShopOrder Refunded => order with { Refunded = "19.0000" };

    DeadLetter Letter => Assert.Single(bench.TornLetters(42));

    string? Refusal => bench.DeadLetter("42:calculation:0")?.Reason;

    void ReplayRecord(DeadLetter letter)
    {
        bench.Mend();
        bench.OperateRecord(letter, replay: true);
        bench.Unmend();
    }

    void DiscardRecord(DeadLetter letter) => bench.OperateRecord(letter, replay: false);

    // ---- the record

    [Fact]
    public void Its_dead_letter_keeps_everything_that_its_reading_rests_on()
    {
        var headers = Headers.Encode(("__debezium.oldkey", KeyOf(41)), ("other", null));
        bench.Tear(order, headers);
        var letter = Letter;
        Assert.Equal($"{letter.Topic}-{letter.Partition}@{letter.Offset}", letter.Id);
        Assert.Equal((DeadLetter.Intake, "shop.public.orders", 0L, bench.Now.Microseconds / 1000), (letter.Stage, letter.Topic, letter.Offset, letter.RecordTimestampMs));
        Assert.Equal(KeyOf(42), letter.RecordKey);
        Assert.Equal(headers, letter.RecordHeaders);
        Assert.True(letter.Payload.AsSpan().StartsWith(TornDeserializer.Tear));
        Assert.Equal(Convert.ToHexString(Bytes(letter)), Convert.ToHexString(Bytes(DeadLetter.Read(Bytes(letter)))));
    }

    static byte[] Bytes(DeadLetter letter)
    {
        var buffer = new Kernel.Bytes.ByteBuffer();
        letter.Write(new(buffer));
        return buffer.Written.ToArray();
    }

    [Fact]
    public void One_whose_key_cannot_be_read_either_waits_alone_and_the_stream_goes_on()
    {
        bench.Put(order);
        bench.Driver.Pipe(Topics.Orders(Prefix), "no key"u8, "no change"u8, 1);
        Assert.Null(Assert.Single(bench.DeadLetters()).OrderId);
        bench.PassMark();
        Assert.Equal(4, bench.Sent(42).Length);
        DiscardRecord(Assert.Single(bench.DeadLetters()));
        Assert.Empty(bench.DeadLetters());
    }

    [Fact]
    public void One_that_still_cannot_be_read_stays()
    {
        bench.Put(order);
        bench.Tear(Refunded);
        var told = bench.Told(42);
        bench.OperateRecord(Letter, replay: true);
        Assert.NotNull(Letter);
        Assert.Equal(told, bench.Told(42));
    }

    // ---- before the mark

    [Fact]
    public void Before_the_mark_the_order_is_refused_and_a_readable_change_lifts_it()
    {
        bench.Put(order);
        bench.Tear(Refunded);
        Assert.Equal("unreadable_change", Refusal);
        bench.Put(Refunded with { Refunded = "38.0000" });
        Assert.Null(Refusal);
        bench.PassMark();
        Assert.Equal(8_100, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void A_replay_of_the_record_settles_by_what_it_says()
    {
        bench.Put(order);
        bench.Tear(Refunded);
        ReplayRecord(Letter);
        Assert.Null(Refusal);
        Assert.Empty(bench.DeadLetters());
        bench.PassMark();
        Assert.Equal(10_000, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void What_a_replayed_record_without_position_brings_about_has_the_request_as_its_cause_and_is_not_lost_from_the_event_log()
    {
        bench.Put(order);
        bench.Tear(order with { Currency = "XXX" }, hasPosition: false);
        ReplayRecord(Letter);
        bench.PassMark();

        var refusals = bench.Events(42).OfType<DeliveryDeadLettered>().ToArray();
        Assert.Equal(["unreadable_change", "unknown_currency"], refusals.Select(refusal => refusal.Reason));
        Assert.Equal("ann@r1", refusals[1].Cause);
    }

    [Fact]
    public void A_replay_of_the_refused_order_does_not_settle_it_while_the_record_waits()
    {
        bench.Put(order);
        bench.Tear(Refunded);
        bench.Replay("42:calculation:0");
        bench.PassMark();
        Assert.Equal(["DeliveryReplayed", "DeliveryDeadLettered"], bench.Told(42)[^2..]);
        Assert.Equal("unreadable_change", Refusal);
        Assert.Empty(bench.Sent(42));
    }

    [Fact]
    public void Discarded_it_does_not_count_and_a_replay_of_the_order_settles_what_is_known()
    {
        bench.Put(order);
        bench.Tear(Refunded);
        DiscardRecord(Letter);
        Assert.Equal("unreadable_change", Refusal);
        bench.PassMark();
        Assert.Empty(bench.Sent(42));
        bench.Replay("42:calculation:0");
        bench.Advance(Settling);
        Assert.Equal(11_900, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void Of_two_the_older_one_replayed_leaves_the_newer_one_in_doubt()
    {
        bench.Put(order);
        bench.Tear(order with { Gross = "200.0000" });
        bench.Tear(Refunded with { Gross = "200.0000" });
        var letters = bench.TornLetters(42);
        ReplayRecord(letters[0]);
        bench.PassMark();
        Assert.Equal("unreadable_change", Refusal);
        Assert.Empty(bench.Sent(42));
        ReplayRecord(letters[1]);
        bench.Advance(Settling);
        Assert.Equal(18_100, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void Of_two_the_newer_one_replayed_overtakes_the_older()
    {
        bench.Put(order);
        bench.Tear(order with { Status = OrderStatus.Cancelled });
        bench.Tear(Refunded);
        var letters = bench.TornLetters(42);
        ReplayRecord(letters[1]);
        Assert.Null(Refusal);
        ReplayRecord(letters[0]);
        bench.PassMark();
        Assert.Equal(10_000, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void Of_two_the_newer_one_discarded_leaves_the_older_in_doubt()
    {
        bench.Put(order);
        bench.Tear(order with { Status = OrderStatus.Cancelled });
        bench.Tear(Refunded);
        var letters = bench.TornLetters(42);
        DiscardRecord(letters[1]);
        bench.Replay("42:calculation:0");
        bench.PassMark();
        Assert.Empty(bench.Sent(42));
        ReplayRecord(letters[0]);
        Assert.Equal("SettlementCancelled", bench.Told(42)[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_change_that_was_read_since_wins_over_a_replay(bool hasPosition)
    {
        bench.Put(order, hasPosition: hasPosition);
        bench.Tear(order with { Status = OrderStatus.Cancelled }, hasPosition: hasPosition);
        bench.Put(Refunded, hasPosition: hasPosition);
        ReplayRecord(Letter);
        bench.PassMark();
        Assert.Equal(10_000, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void A_snapshot_row_without_position_that_was_read_since_wins_over_a_positioned_replay()
    {
        bench.Put(order);
        bench.Tear(order with { Status = OrderStatus.Cancelled });
        bench.Put(Refunded, hasPosition: false);
        ReplayRecord(Letter);
        bench.PassMark();
        Assert.Equal(10_000, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void An_unreadable_record_of_an_older_position_is_replayed_as_old_news_and_the_order_goes_on()
    {
        bench.Put(order, position: 5_000);
        bench.Tear(order with { Status = OrderStatus.Cancelled }, position: 4_000);
        Assert.Equal("unreadable_change", Refusal);
        ReplayRecord(Letter);
        Assert.Null(Refusal);
        bench.PassMark();
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void An_unreadable_deletion_cancels_when_it_is_replayed()
    {
        bench.Put(order);
        bench.TearDeletion(42);
        bench.PassMark();
        Assert.Empty(bench.Sent(42));
        ReplayRecord(Letter);
        Assert.Equal("deleted", bench.Only<SettlementCancelled>(42).Reason);
        Assert.Null(Refusal);
    }

    // ---- orders that are not scheduled

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_completion_that_is_replayed_before_a_later_refund_is_not_settled_without_it(bool isKnown)
    {
        if (isKnown)
        {
            bench.Put(order with { Status = OrderStatus.Paid, CompletedAt = null });
        }

        bench.Tear(order);
        bench.Tear(Refunded);
        var letters = bench.TornLetters(42);
        ReplayRecord(letters[0]);
        bench.PassMark();
        Assert.Equal("unreadable_change", Refusal);
        Assert.Empty(bench.Sent(42));
        ReplayRecord(letters[1]);
        bench.Advance(Settling);
        Assert.Equal(10_000, bench.Only<SettlementCalculated>(42).Net);
    }

    [Fact]
    public void A_later_completion_of_an_order_that_was_in_doubt_is_news()
    {
        bench.Tear(order with { Status = OrderStatus.Paid });
        bench.Put(order);
        bench.PassMark();
        Assert.Equal(4, bench.Sent(42).Length);
        ReplayRecord(Letter);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
    }

    [Fact]
    public void A_refused_order_that_falls_into_doubt_is_not_settled_by_its_replay()
    {
        bench.Put(order with { CompletedAt = null });
        bench.Put(order with { Id = 43, Currency = "XXX" });
        bench.Tear(Refunded);
        bench.Replay("42:calculation:0");
        Assert.Equal("no_completed_at", Refusal);
        bench.Put(order);
        Assert.Null(Refusal);
    }

    // ---- a changed primary key

    [Fact]
    public void A_changed_key_whose_creating_record_cannot_be_read_is_refused_when_it_is_replayed()
    {
        bench.Put(order);
        bench.Delete(42, headers: Headers.Encode(("__debezium.newkey", KeyOf(43))));
        bench.Tear(order with { Id = 43 }, Headers.Encode(("__debezium.oldkey", KeyOf(42))));
        ReplayRecord(Assert.Single(bench.TornLetters(43)));
        Assert.Equal("changed_key", bench.Only<DeliveryDeadLettered>(43).Reason);
        bench.PassMark();
        Assert.Empty(bench.Sent(43));
    }

    [Fact]
    public void A_changed_key_whose_creating_record_cannot_be_read_is_refused_when_a_later_change_completes_it()
    {
        bench.Tear(order with { Id = 43 }, Headers.Encode(("__debezium.oldkey", KeyOf(42))));
        bench.Put(order with { Id = 43, Gross = "200.0000" });
        Assert.Equal("changed_key", bench.Only<DeliveryDeadLettered>(43).Reason);
        bench.PassMark();
        Assert.Empty(bench.Sent(43));
    }

    [Fact]
    public void An_unreadable_deletion_by_a_changed_key_says_so_when_it_is_replayed()
    {
        bench.Put(order);
        bench.TearDeletion(42, Headers.Encode(("__debezium.newkey", KeyOf(43))));
        ReplayRecord(Letter);
        Assert.Equal("key_changed", bench.Only<SettlementCancelled>(42).Reason);
    }
}
