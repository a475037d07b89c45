using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Calls;

public class CodecTests
{
    static readonly CallState Waiting = new()
    {
        Phase = CallPhase.RetryAt,
        Attempts = 3,
        MayHaveHappened = true,
        Singly = true,
        Merchant = new(7),
        Lane = Lane.Priority,
        DueAt = new UtcInstant(0x0102),
        QueueNo = 300,
        AttemptsBefore = 2,
        Asks = 1,
        BackOffs = 4,
        NextAt = new MonotonicInstant(0x0304),
        Reason = "500",
        Ending = CallEnding.DeadLetter,
    };

    [Fact]
    public void A_state_has_these_bytes()
    {
        const string Golden = "02" + "05" + "03" + "03" + "0000000000000007" + "01" + "0000000000000102" + "AC02" + "02" + "01" + "04" + "0000000000000304" + "03353030" + "01";

        Assert.Equal(Golden, Convert.ToHexString(Bytes(Waiting)));
        Assert.Equal(Waiting, CallStateCodec.Read(Convert.FromHexString(Golden)));
    }

    [Fact]
    public void Who_discards_and_why_is_kept_behind_it()
    {
        var state = Waiting with { Ending = CallEnding.Discard, DiscardedBy = "ann", RequestId = "q", Note = "n" };

        Assert.EndsWith("03353030" + "02" + "0103616E6E" + "010171" + "01016E", Convert.ToHexString(Bytes(state)));
        Assert.Equal(state, CallStateCodec.Read(Bytes(state)));
    }

    [Theory]
    [InlineData(CallPhase.RetryAt, InvoiceFate.Undecided, "03" + "05", "01" + "AC02")]
    [InlineData(CallPhase.RetryAt, InvoiceFate.LeftOut, "03" + "05", "02" + "AC02")]
    [InlineData(CallPhase.InvoiceAt, InvoiceFate.Owed, "03" + "0C", "03" + "AC02")]
    internal void Where_the_invoice_begins_is_kept_behind_it_as_long_as_it_is_not_in_the_bytes(CallPhase phase, InvoiceFate invoice, string begin, string end)
    {
        var state = Waiting with { Phase = phase, Invoice = invoice, InvoiceAt = 300, KeyAccount = true };
        var bytes = Convert.ToHexString(Bytes(state));

        Assert.StartsWith(begin + "03" + "07", bytes);
        Assert.EndsWith("01" + end, bytes);
        Assert.Equal(state, CallStateCodec.Read(Bytes(state)));
        Assert.Equal(state with { Invoice = InvoiceFate.InBody, InvoiceAt = 0 }, CallStateCodec.Read(Bytes(state with { Invoice = InvoiceFate.InBody, InvoiceAt = 0 })));
    }

    [Theory]
    [InlineData(CallPhase.Confirmed, "020703")]
    [InlineData(CallPhase.Discarded, "020903")]
    internal void What_is_over_for_good_leaves_a_tombstone_of_three_bytes(CallPhase phase, string golden)
    {
        Assert.Equal(golden, Convert.ToHexString(Bytes(Waiting with { Phase = phase })));
        Assert.Equal(new() { Phase = phase, Attempts = 3 }, CallStateCodec.Read(Convert.FromHexString(golden)));
    }

    [Theory]
    [InlineData(InvoiceFate.LeftOut, "04070302")]
    [InlineData(InvoiceFate.Owed, "04070303")]
    internal void One_whose_invoice_was_left_out_says_so_since_its_system_may_undo_it(InvoiceFate invoice, string golden)
    {
        Assert.Equal(golden, Convert.ToHexString(Bytes(Waiting with { Phase = CallPhase.Confirmed, Invoice = invoice, InvoiceAt = 300 })));
        Assert.Equal(new() { Phase = CallPhase.Confirmed, Attempts = 3, Invoice = invoice }, CallStateCodec.Read(Convert.FromHexString(golden)));
    }

    [Theory]
    [InlineData("01050300")]
    [InlineData("020D03")]
    [InlineData("040503")]
    [InlineData("050503")]
    [InlineData("04090302")]
    [InlineData("0205")]
    [InlineData("")]
    public void Bytes_that_are_no_state_are_corrupt(string bytes) =>
        Assert.Throws<CorruptStateException>(() => CallStateCodec.Read(Convert.FromHexString(bytes)));

    [Theory]
    [InlineData(42, 1, 0, "800000000000002A00000001")]
    [InlineData(-1, 0, 0, "7FFFFFFFFFFFFFFF00000000")]
    [InlineData(42, 1, 2, "800000000000002A0000000100000002")]
    public void A_stored_key_has_these_bytes(long order, int n, int returns, string golden)
    {
        var room = new byte[StoredCallKey.MaxSize];
        var bytes = room[..StoredCallKey.Write(new(new(order), Leg.Split, n, returns), room)];

        Assert.Equal(golden, Convert.ToHexString(bytes));
        Assert.Equal(new CallKey(new(order), Leg.Split, n, returns), StoredCallKey.Read(bytes, Leg.Split));
    }

    [Fact]
    public void A_queue_key_has_these_bytes_and_sorts_by_merchant_lane_and_arrival()
    {
        Assert.Equal("51" + "8000000000000007" + "01" + "000000000000012C", Convert.ToHexString(Place(7, Lane.Priority, 300)));
        Assert.Equal(new QueueKey(new(7), Lane.Priority, 300), QueueKey.Read(Place(7, Lane.Priority, 300)));

        byte[][] places = [Place(-2, Lane.Ordinary, 9), Place(1, Lane.Ordinary, 255), Place(1, Lane.Ordinary, 256), Place(1, Lane.Priority, 0), Place(2, Lane.Ordinary, 0)];
        Assert.Equal(places.Order(Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right))), places);
    }

    [Fact]
    public void A_lanes_reach_has_these_bytes()
    {
        var key = new byte[ReachKey.Size];
        new ReachKey(new(7), Lane.Priority).Write(key);

        Assert.Equal("57" + "8000000000000007" + "01", Convert.ToHexString(key));
        Assert.Equal(new ReachKey(new(7), Lane.Priority), ReachKey.Read(key));
        Assert.Throws<CorruptStateException>(() => ReachKey.Read(key.AsSpan(1)));
    }

    static byte[] Place(long merchant, Lane lane, long no)
    {
        var bytes = new byte[QueueKey.Size];
        new QueueKey(new(merchant), lane, no).Write(bytes);
        return bytes;
    }

    static byte[] Bytes(CallState state)
    {
        var buffer = new ByteBuffer();
        CallStateCodec.Write(state, new ByteWriter(buffer));
        return buffer.Written.ToArray();
    }
}
