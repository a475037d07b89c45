using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Settlement.Results;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Merchants;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Tests.Deciding;

/// <summary>Merchants and promoters go on changing while an order is calculated: amounts, explanation and mark are of one state of them.</summary>
public sealed class OneSnapshotTests
{
    readonly FlickeringStore merchants = new(
        Merchant("KA"), Merchant("SLOW"), Merchant("STANDARD"), []);

    readonly FlickeringStore promoters = new(Promoter(9002), Promoter(9003), Promoter(9001), Promoter(null), []);

    static byte[] Bytes(Action<ByteWriter> write)
    {
        var buffer = new ByteBuffer();
        PositionedRow.WriteHead(new(buffer), ChangePosition.Streamed(1, 1), deleted: false);
        write(new(buffer));
        return buffer.Written.ToArray();
    }

    static byte[] Merchant(string tier) => Bytes(to =>
        new MerchantRow { Id = new(TestBench.Merchant), Tier = System.Text.Encoding.UTF8.GetBytes(tier), Country = "DE"u8, TimeZone = "UTC"u8 }.Write(to));

    static byte[] Promoter(long? parent) => Bytes(to => to.NullableVarInt64(parent));

    [Fact]
    public void An_explanation_is_of_the_amounts_however_often_the_facts_change_in_between()
    {
        var math = new OrderMath(TestRules.Book, merchants, promoters);
        for (var start = 0; start < 60; start++)
        {
            merchants.At = start;
            promoters.At = start / 2;
            var order = new ShopOrder(42).ToRow();
            var calculation = math.Begin(order, new(TestBench.Merchant));
            var due = calculation.DueAt;
            if (calculation.Divide() is Settled settled)
            {
                Assert.Equal(settled.Lines.Length, calculation.Explain(settled).Length);
                Assert.Equal(due, settled.DueAt);
                Assert.Equal(due, calculation.DueAt);
            }
        }
    }

    [Fact]
    public void A_circle_of_promoters_ends_the_chain_and_each_is_read_once()
    {
        var circle = new FlickeringStore(Promoter(9002), Promoter(9001));
        var math = new OrderMath(TestRules.Book, merchants, circle);
        var calculation = math.Begin(new ShopOrder(42).ToRow(), new(TestBench.Merchant));
        var settled = Assert.IsType<Settled>(calculation.Divide());
        _ = calculation.Explain(settled);
        Assert.Equal(["promoter:9001", "promoter:9002"], settled.Lines.Select(line => line.Party.ToString()).Where(party => party.StartsWith("promoter", StringComparison.Ordinal)));
        Assert.Equal(2, circle.Reads);
    }

    [Fact]
    public void A_calculation_after_another_takes_the_facts_anew()
    {
        var known = new FlickeringStore(Promoter(null), Promoter(9002), Promoter(null));
        var math = new OrderMath(TestRules.Book, merchants, known);
        Assert.Equal([1, 2], [Chain(math), Chain(math)]);
    }

    static int Chain(OrderMath math) =>
        ((Settled)math.Begin(new ShopOrder(42).ToRow(), new(TestBench.Merchant)).Divide()!).Lines.Count(line => line.Party.Kind == PartyKind.Promoter);

    /// <summary>A global store that another thread changes after every read; an empty value is no row.</summary>
    sealed class FlickeringStore(params byte[][] values) : IReadOnlyKeyValueStore
    {
        public int At { get; set; }

        public int Reads { get; private set; }

        public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
        {
            Reads++;
            var now = values[At++ % values.Length];
            value = now;
            return now.Length > 0;
        }

        public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false) => throw new NotSupportedException();
    }
}
