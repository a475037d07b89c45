using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Sources;
using StreamSettle.Settlement.Results;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Serdes;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tests.Codecs;

/// <summary>Layouts of stores and internal topics, pinned by golden bytes and read back.</summary>
public sealed class CodecTests
{
    delegate void Writing(ByteWriter to);

    static string Hex(Writing write)
    {
        var buffer = new ByteBuffer();
        write(new(buffer));
        return Convert.ToHexString(buffer.Written);
    }

    [Fact]
    public void Open_order()
    {
        var order = new OpenOrder
        {
            State = new() { Stage = PendingStage.Refused, Refusal = "too_old", Merchant = new(437), DueAt = new(-3), DueRecorded = true },
            Books = new() { KeyChanged = true, InTime = true, NextOffset = 8, AlteredEnd = 7, IndexedAt = new(5), Doubts = [5, 70] },
            SeenBefore = true, Position = ChangePosition.Streamed(0x1300, 0x1234), Positioned = true, Mark = new(2), Forwarded = 3, OtherCause = "ann@r1", DecidedIn = new(new(7), 3), RowBytes = "row"u8,
        };
        var buffer = new ByteBuffer();
        order.Write(new(buffer));
        Assert.Equal(
            "06" + "0301" + "0107746F6F5F6F6C64" + "EA06" + "05" + "0101" + "10" + "0E" + "010A" + "020A8C01" + "0101" + "028026" + "B424" + "0A" + "06" + "0106616E6E407231" + "01000000000000000706" + "726F77",
            Convert.ToHexString(buffer.Written));
        var read = OpenOrder.Read(buffer.Written);
        Assert.Equal((order.State, order.Position, order.Mark, "ann@r1"), (read.State, read.Position, read.Mark, read.Cause));
        Assert.Equal(order.Books with { Doubts = [] }, read.Books with { Doubts = [] });
        Assert.Equal((true, true, 3L, new SourceTransaction(new(7), 3)), (read.SeenBefore, read.Positioned, read.Forwarded, read.DecidedIn));
        Assert.Equal([5, 70], read.Books.Doubts);
        Assert.True(read.RowBytes.SequenceEqual("row"u8));
        Assert.Throws<CorruptStateException>(() => OpenOrder.Read([1]));
    }

    [Fact]
    public void An_open_order_names_its_position_where_nothing_else_brought_it() =>
        Assert.Equal("77s", new OpenOrder { Position = ChangePosition.Snapshot(77) }.Cause);

    [Fact]
    public void Order_message()
    {
        var message = new OrderMessage
        {
            Kind = OrderMessageKind.Changed, Order = new(42), Merchant = new(437), Cause = "77", Transaction = new(new(1), 9), DueAt = new(2), Offset = 6, ClockTask = 3,
            KeyChanged = true, CutsOff = true, InTime = true, Doubts = [5], Request = new OperatorRequest.Replay(new(new(42), Leg.Split, 1), NeverCalculated: true, "ann", "r1"), RowBytes = "row"u8,
        };
        var buffer = new ByteBuffer();
        message.Write(new(buffer));
        Assert.Equal(
            "0602" + "000000000000002A" + "00000000000001B5" + "023737" + "000000000000000112" + "0000000000000002" + "0C" + "06" + "01" + "01" + "01" + "010A" + "01" + "01"
            + "03616E6E" + "027231" + "0A34323A73706C69743A31" + "01" + "726F77",
            Convert.ToHexString(buffer.Written));
        var read = OrderMessage.Read(buffer.Written);
        Assert.Equal((message.Kind, message.Order, message.Merchant, message.Cause), (read.Kind, read.Order, read.Merchant, read.Cause));
        Assert.Equal((message.Transaction, message.DueAt, message.KeyChanged, message.InTime, message.Request), (read.Transaction, read.DueAt, read.KeyChanged, read.InTime, read.Request));
        Assert.Equal((6L, 3, true), (read.Offset, read.ClockTask, read.CutsOff));
        Assert.Equal([5], read.Doubts);
        Assert.True(read.RowBytes.SequenceEqual("row"u8));
        Assert.Throws<CorruptStateException>(() => OrderMessage.Read([9]));
    }

    [Fact]
    public void Clock_reports()
    {
        var serde = new ClockReportSerde();
        Check("01" + "06", new ClockReport.Began(3));
        Check("02" + "06" + "0E" + "0A" + "0108", new ClockReport.Fired(3, 7, new(5), new UtcInstant(4)));
        Check("02" + "06" + "0E" + "0A" + "00", new ClockReport.Fired(3, 7, new(5), null));
        Check("03" + "12", new ClockReport.Requested(new(9)));
        Assert.Throws<CorruptStateException>(() => serde.Read([9]));

        void Check(string bytes, ClockReport report)
        {
            Assert.Equal(bytes, Hex(to => serde.Write(report, to)));
            Assert.Equal(report, serde.Read(Convert.FromHexString(bytes)));
        }
    }

    [Fact]
    public void Source_progress()
    {
        var point = new SourceProgress("run7", 5, [3, 0]) { WholeEnds = [2, 0] };
        Assert.Equal("02" + "0472756E37" + "0A" + "02" + "0600" + "0400", Hex(point.Write));
        Assert.Equivalent(point, SourceProgress.Read(Convert.FromHexString(Hex(point.Write))), strict: true);
        Assert.Equivalent(new SourceProgress("run7", 5, [3, 0]), SourceProgress.Read(Convert.FromHexString("01" + "0472756E37" + "0A" + "02" + "0600")), strict: true);
        Assert.Throws<CorruptStateException>(() => SourceProgress.Read([9]));
    }

    [Fact]
    public void Operator_requests()
    {
        var serde = new OperatorRequestSerde();
        var (key, record) = (new CallKey(new(42), Leg.Split, 1), new IntakeRecord("o", 5, 7, [1], [2, 3], [4, 5, 6]));
        const string who = "03616E6E" + "027231";
        Check("01" + who + "0A34323A73706C69743A31" + "01", new OperatorRequest.Replay(key, NeverCalculated: true, "ann", "r1"));
        Check("02" + who + "0A34323A73706C69743A31" + "0103776879", new OperatorRequest.Discard(key, "why", "ann", "r1"));
        Check("06" + who + "0A34323A73706C69743A31", new OperatorRequest.SendAgain(key, "ann", "r1"));
        Check("03" + who + "016F" + "0A" + "0E" + "0201" + "020203" + "03040506", new OperatorRequest.Reread(record, "ann", "r1"));
        Check("04" + who + "016F" + "0A" + "0E" + "00" + "020203" + "03040506", new OperatorRequest.PassOver(record with { Key = null }, "ann", "r1"));
        Check("05" + who + "0A34323A73706C69743A31" + "00" + "03776879", new OperatorRequest.Replay(key, NeverCalculated: false, "ann", "r1", "why"));
        Check("07" + "0573706C6974" + "0A34323A73706C69743A31" + "0A34323A73706C69743A31" + "03776879" + "0000000000000009", new OperatorRequest.Returned(key, "why", new(9)));
        Assert.Throws<CorruptStateException>(() => serde.Read([9, 0, 0]));

        void Check(string bytes, OperatorRequest request)
        {
            Assert.Equal(bytes, Hex(to => serde.Write(request, to)));
            Assert.Equivalent(request, serde.Read(Convert.FromHexString(bytes)), strict: true);
        }
    }

    [Fact]
    public void Finished_order()
    {
        var finished = new FinishedOrder(new(42), new(437), 3, new(5), new(4));
        Assert.Equal("01" + "000000000000002A" + "00000000000001B5" + "06" + "0A" + "0108", Hex(finished.Write));
        Assert.Equal(finished, FinishedOrder.Read(Convert.FromHexString(Hex(finished.Write))));
        Assert.Throws<CorruptStateException>(() => FinishedOrder.Read([9]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(256)]
    public void A_route_leads_to_its_partition(int partitions)
    {
        var serde = new RouteSerde(partitions);
        for (var partition = 0; partition < partitions; partition++)
        {
            var key = Convert.FromHexString(Hex(to => serde.Write(partition, to)));
            Assert.Equal((partition, partition), (serde.Read(key), Streams.Topologies.Murmur2.Partition(key, partitions)));
        }
    }

    [Fact]
    public void Operator_request_of_no_call_is_corrupt() =>
        Assert.Throws<CorruptStateException>(() => new OperatorRequestSerde().Read(Convert.FromHexString("01" + "0161" + "0162" + "0178" + "00")));

    [Fact]
    public void Settlement()
    {
        var kept = Kept();
        var hex = Hex(to => KeptSettlementCodec.Write(to, kept));
        Assert.Equal(
            "06" + "0101" + "08" + "04" + "0106" + "010E" + "023737" + "06" + "04"
            + "01" + "023739" + "04" + "00000000000000000000000000001388" + "01" + "000000000000000B12" + "0C" + "0172"
            + "0201" + "00" + "EA06" + "0A" + "01"
            + "455552" + "C801" + "14" + "01" + "0000000000000004" + "03030003" + "01"
            + "01" + "02" + "1E" + "0A" + "0000000000000008" + "01" + "01" + "067461783A4445" + "0A" + "00010002" + "00"
            + "01" + "04" + "0A6261645F616D6F756E74" + "02" + "00000000000000000000000000000FA0" + "0000000000000009" + "01",
            hex);
        Assert.Equal(hex, Hex(to => KeptSettlementCodec.Write(to, KeptSettlementCodec.Read(kept.Order, Convert.FromHexString(hex)))));
        Assert.Equal(kept.State.Settled!.Refused, KeptSettlementCodec.Read(kept.Order, Convert.FromHexString(hex)).State.Settled!.Refused);
        Assert.Throws<CorruptStateException>(() => KeptSettlementCodec.Read(kept.Order, [8]));
    }

    [Fact]
    public void Settlement_that_is_held()
    {
        var plain = Hex(to => KeptSettlementCodec.Write(to, Kept()));
        var held = Kept() with { State = Kept().State with { Held = ["order:42"] } };
        var hex = Hex(to => KeptSettlementCodec.Write(to, held));
        Assert.Equal("07" + plain[2..] + "01" + "086F726465723A3432", hex);
        Assert.Equal(["order:42"], KeptSettlementCodec.Read(held.Order, Convert.FromHexString(hex)).State.Held);
        Assert.Empty(KeptSettlementCodec.Read(held.Order, Convert.FromHexString(plain)).State.Held);
    }

    [Fact]
    public void Settlement_whose_split_waits_for_its_payout()
    {
        var plain = Hex(to => KeptSettlementCodec.Write(to, Kept()));
        var settled = Kept().State.Settled! with
        {
            Payout = new("every order", 20_000, TimeSpan.FromDays(2), "DE", new TimeOnly(16, 0)), Deferred = new(8_600, "why", new(5), 20_000, new(6), 2),
        };
        var waiting = Kept() with { State = Kept().State with { Settled = settled, Held = ["order:42"] }, Books = Kept().Books with { KnownTo = 1 } };
        var hex = Hex(to => KeptSettlementCodec.Write(to, waiting));
        Assert.Equal(
            "09" + plain[2..] + "01" + "086F726465723A3432" + "01" + "02"
            + "01" + "0B6576657279206F72646572" + "01" + "C0B802" + "01" + "8080F6BA870A" + "01" + "024445" + "01" + "8080D293AD03"
            + "01" + "B08601" + "03776879" + "01" + "0A" + "01" + "C0B802" + "01" + "0C" + "04",
            hex);
        var read = KeptSettlementCodec.Read(waiting.Order, Convert.FromHexString(hex));
        Assert.Equal((settled.Payout, settled.Deferred, (int?)1), (read.State.Settled!.Payout, read.State.Settled.Deferred, read.Books.KnownTo));
        Assert.Equal(["order:42"], read.State.Held);
        Assert.Null(KeptSettlementCodec.Read(waiting.Order, Convert.FromHexString(plain)).State.Settled!.Payout);
        Assert.Throws<CorruptStateException>(() => KeptSettlementCodec.Read(waiting.Order, [10]));
    }

    [Fact]
    public void Settlement_with_a_returned_leg()
    {
        var plain = Hex(to => KeptSettlementCodec.Write(to, Kept()));
        var state = Kept().State;
        ReturnedLeg[] legs = [new(0, Leg.Split, 2, "closed"), new(1, Leg.Tax, 1, null)];
        var returned = Kept() with { State = state with { Settled = state.Settled! with { Legs = state.Settled.Legs.With(Leg.Split, LegState.Returned), Returned = [.. legs] } } };
        var hex = Hex(to => KeptSettlementCodec.Write(to, returned));
        Assert.Equal(plain.Replace("455552C8011401", "455552C8011405", StringComparison.Ordinal).Replace("03030003", "03070003", StringComparison.Ordinal) + "02" + "00020201" + "06636C6F736564" + "02040100", hex);
        Assert.Equal(legs, KeptSettlementCodec.Read(returned.Order, Convert.FromHexString(hex)).State.Settled!.Returned);
        Assert.Empty(KeptSettlementCodec.Read(returned.Order, Convert.FromHexString(plain)).State.Settled!.Returned);
    }

    [Fact]
    public void Division_of_a_settlement()
    {
        var division = new Division
        {
            Net = 90, RuleVersion = "r1", Lines = [new(Party.Tax("DE"), 20), new(Party.Promoter(new(9), 1), 70)], Invoice = [.. "{}"u8],
        };
        var hex = Hex(to => DivisionCodec.Write(to, division));
        Assert.Equal("01" + "B401" + "027231" + "02" + "067461783A4445" + "00" + "28" + "0A70726F6D6F7465723A39" + "02" + "8C01" + "7B7D", hex);
        var read = DivisionCodec.Read(Convert.FromHexString(hex));
        Assert.Equal(division.Lines.AsEnumerable(), read.Lines);
        Assert.Equal(hex, Hex(to => DivisionCodec.Write(to, read)));
        Assert.Throws<CorruptStateException>(() => DivisionCodec.Read([7]));
    }

    static KeptSettlement Kept() => new(
        new(42),
        new()
        {
            Pending = new() { Stage = PendingStage.Scheduled, Merchant = new(437), DueAt = new(5), DueRecorded = true },
            Settled = new()
            {
                Currency = Currency.TryParse("EUR", out var eur) ? eur : default, Gross = 100, Refunded = 10, Lane = Lane.Priority, CompletedAt = new(4), Completed = true,
                Legs = new(LegState.Confirmed, LegState.Confirmed, LegState.None, LegState.Confirmed),
                Reversals = [new(1, 15, 5, new(8)) { Lines = [new("tax:DE", 5)], Legs = new(LegState.None, LegState.Waiting, LegState.None, LegState.Sent) }],
                Refused = new(2, "bad_amount", new(4000, 2), new(9), Open: true),
            },
        },
        new()
        {
            Order = new() { KeyChanged = true, InTime = true, IndexedAt = new(3), NextOffset = 4, AlteredEnd = 2, Doubts = [7] }, Cause = "77", ClockTask = 3, Taken = 2,
            Refund = new("79", new(5000, 4), KeyChanged: true, new(new(11), 9), 6), Row = [(byte)'r'],
        });
}
