namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>A verification that its system undoes while the split waits for its payout.</summary>
public sealed class PayoutReturnedTests
{
    static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_split_goes_as_soon_as_it_is_confirmed_anew_and_not_before(int minutes)
    {
        using var shop = new PayoutBench("""[{"when": {}, "minimum": {"EUR": 20000}, "maxWait": "PT1H"}]""");
        shop.Settle(PayoutBench.Order(1, TimeSpan.FromHours(1)));
        shop.Bench.Return("1:verification:0");
        shop.Bench.Advance(TimeSpan.FromHours(1) + minutes * AMinute);
        Assert.Equal("the verification is not confirmed any more", shop.Bench.Events(1).OfType<PayoutDeferred>().Last().Reason);
        Assert.Empty(shop.Splits());

        shop.Bench.Replay("1:verification:0");
        shop.Bench.Advance(2 * AMinute);
        Assert.Equal(["1:split:0"], shop.Splits());
        shop.Bench.Advance(PayoutBench.AMoment);
        shop.AssertNothingIsKept();
    }
}
