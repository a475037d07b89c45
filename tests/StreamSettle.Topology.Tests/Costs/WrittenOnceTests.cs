using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Costs;

/// <summary>What a call's result costs: it writes what changes with it, however much the order carries.</summary>
public sealed class WrittenOnceTests : IDisposable
{
    const int SmallRecord = 150;

    /// <summary>A reversal's shares are kept with it, by party.</summary>
    const int SmallRecordWithReversal = 300;

    readonly TestBench bench = new();
    readonly List<(string Store, int Bytes)> written = [];

    public WrittenOnceTests() => bench.Delivery.Script = key => key.Leg is Leg.Verification or Leg.Split ? [DeliveryOutcome.Confirmed] : [];

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("42:tax:0")]
    [InlineData("42:commission:0")]
    public void A_result_writes_a_small_record_and_nothing_of_how_the_money_was_divided(string call)
    {
        Calculate();
        Watch();
        bench.Confirm(call);

        Assert.DoesNotContain(written, change => change.Store == StoreNames.Divisions);
        Assert.InRange(written.Single(change => change.Store == StoreNames.Settlements).Bytes, 1, SmallRecord);
    }

    [Fact]
    public void A_refund_and_its_reversal_write_no_division_either()
    {
        Calculate();
        bench.Confirm("42:tax:0");
        bench.Confirm("42:commission:0");
        Watch();
        bench.PutWhole(Order with { Refunded = "10.0000" });

        Assert.Single(bench.Events(42).OfType<ReversalCalculated>());
        Assert.DoesNotContain(written, change => change.Store == StoreNames.Divisions);
        Assert.All(written.Where(change => change.Store == StoreNames.Settlements), change => Assert.InRange(change.Bytes, 1, SmallRecordWithReversal));
    }

    static ShopOrder Order => new(42) { CompletedAt = TestBench.Start, Promoter = 9001, Invoice = $$"""{"no": "{{new string('9', 2_000)}}"}""" };

    void Calculate()
    {
        bench.Put(Order);
        bench.PassMark();
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
    }

    void Watch() => bench.Log.BeforeCommit = commit =>
    {
        foreach (var (store, _, changes) in commit.Stores)
        {
            changes.Visit((_, value, _) => written.Add((store.Name, value.Length)));
        }
    };
}
