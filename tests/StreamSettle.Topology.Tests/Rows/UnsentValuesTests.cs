using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Names;
using static StreamSettle.Topology.Tests.Bench.TestBench;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>A change leaves large values alone and does not tell them: they come from what is kept of the order, else from the shop's row, and are never read as what stands in their place.</summary>
public sealed class UnsentValuesTests : IDisposable
{
    readonly ShopRows shop = new();
    readonly TestBench bench;
    readonly ShopOrder order = new(42) { Category = "gap", Invoice = """{"no": "R-1"}""" };

    public UnsentValuesTests() => bench = new(new() { Rows = shop });

    public void Dispose() => bench.Dispose();

    /// <summary>With category <c>gap</c> the second promoter has nothing.</summary>
    static readonly string[] GapParties = ["carrier:7", "merchant:437", "platform", "promoter:9001", "promoter:9003", "tax:DE"];

    ShopOrder Untold => order with { Category = null, Invoice = null, Unsent = UnsentOrderColumns.Category | UnsentOrderColumns.Invoice };

    string? Refusal => bench.DeadLetter("42:calculation:0")?.Reason;

    string[] Parties => [.. bench.Only<SettlementCalculated>(42).Lines.Select(line => line.Party).Order(StringComparer.Ordinal)];

    void IsSettledWhole()
    {
        bench.PassMark();
        Assert.Equal(GapParties, Parties);
        Assert.Contains("R-1", bench.Body("42:verification:0"), StringComparison.Ordinal);
        Assert.Empty(bench.DeadLetters());
    }

    [Fact]
    public void They_are_as_they_are_kept_of_the_order()
    {
        bench.Put(order);
        bench.Put(Untold with { Gross = "219.0000" });
        IsSettledWhole();
        Assert.Equal((21_900, 0), (bench.Only<SettlementCalculated>(42).Gross, shop.Answered));
    }

    [Fact]
    public void Of_an_order_that_nothing_is_kept_of_the_shop_is_asked()
    {
        shop.Has(order);
        bench.Put(order with { Status = OrderStatus.Paid });
        bench.Put(Untold);
        IsSettledWhole();
        Assert.Equal(1, shop.Answered);
    }

    [Fact]
    public void What_is_kept_from_before_a_change_that_could_not_be_read_is_not_taken_for_it()
    {
        shop.Has(order);
        bench.Put(order with { Category = "other", Invoice = """{"no": "R-0"}""" });
        bench.Tear(order);
        bench.Put(Untold);
        bench.PassMark();
        Assert.Equal(GapParties, Parties);
        Assert.Equal(1, shop.Answered);
    }

    [Fact]
    public void While_the_shop_cannot_be_asked_the_change_waits_and_those_behind_it_do()
    {
        shop.Has(order);
        shop.IsAway = true;
        bench.Put(Untold);
        bench.Put(new(44) { Status = OrderStatus.Paid });
        bench.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(bench.Told(42));
        Assert.Empty(bench.DeadLetters());

        shop.IsAway = false;
        IsSettledWhole();
        Assert.Equal(1, shop.Answered);
    }

    [Fact]
    public void A_change_that_waits_is_read_by_the_process_after_a_restart()
    {
        shop.Has(order);
        shop.IsAway = true;
        bench.Put(Untold);
        bench.Restart();
        shop.IsAway = false;
        IsSettledWhole();
    }

    [Fact]
    public void Where_there_is_nothing_to_be_read_it_is_a_dead_letter_until_a_change_tells_all()
    {
        bench.Put(Untold);
        var letter = Assert.Single(bench.TornLetters(42));
        Assert.Contains("Category, Invoice", letter.Reason, StringComparison.Ordinal);
        Assert.Contains("REPLICA IDENTITY FULL", letter.Reason, StringComparison.Ordinal);
        bench.Put(order);
        bench.PassMark();
        Assert.Equal(GapParties, Parties);
    }

    [Fact]
    public void Its_dead_letter_can_be_replayed_when_the_row_can_be_read()
    {
        bench.Put(Untold);
        shop.IsAway = true;
        bench.OperateRecord(Assert.Single(bench.TornLetters(42)), replay: true);
        Assert.Contains("the shop is away", Assert.Single(bench.TornLetters(42)).Reason, StringComparison.Ordinal);

        (shop.IsAway, _) = (false, bench.Told(42));
        shop.Has(order);
        bench.OperateRecord(Assert.Single(bench.TornLetters(42)), replay: true);
        IsSettledWhole();
    }

    [Fact]
    public void A_status_that_was_not_told_cancels_nothing()
    {
        bench.Put(order);
        bench.Put(order with { Gross = "219.0000", Unsent = UnsentOrderColumns.Status });
        IsSettledWhole();
        Assert.Equal(21_900, bench.Only<SettlementCalculated>(42).Gross);
    }

    [Fact]
    public void What_nobody_needs_is_not_asked_for()
    {
        bench.Put(Untold with { Status = OrderStatus.Paid });
        bench.Put(order);
        bench.Put(Untold with { Status = OrderStatus.Cancelled });
        bench.Restart(settings: bench.Settings with { CompletedSince = Start });
        bench.Put(Untold with { Id = 43, CompletedAt = Start - TimeSpan.FromSeconds(1) });

        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.Empty(bench.Told(43));
        Assert.Empty(bench.DeadLetters());
        Assert.Equal(0, shop.Answered);
    }

    [Fact]
    public void An_older_change_that_comes_again_is_not_asked_for()
    {
        var position = bench.Put(order);
        bench.Put(Untold, position);
        Assert.Equal(0, shop.Answered);
        IsSettledWhole();
    }

    // ---- from the mark on

    [Fact]
    public void After_the_calculation_a_refund_counts_whatever_else_is_not_told()
    {
        bench.Put(order);
        bench.PassMark();
        bench.PutWhole(Untold with { Refunded = "19.0000" });
        bench.Advance(Settling);
        Assert.Equal("ReversalRequested", bench.Told(42).Last(name => name.StartsWith("ReversalRequested", StringComparison.Ordinal)));
        Assert.Empty(bench.DeadLetters());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_order_that_waits_behind_its_mark_keeps_what_settle_has_or_the_shop(bool shopHasIt)
    {
        bench.Put(order with { Merchant = 999, Category = shopHasIt ? "other" : "gap" });
        bench.PassMark();
        Assert.Equal("unknown_merchant", Refusal);
        if (shopHasIt)
        {
            shop.Has(order with { Merchant = 999 });
        }

        bench.PutMerchant(999);
        bench.Put(Untold with { Merchant = 999, Gross = "219.0000" });
        bench.Replay("42:calculation:0");
        bench.Advance(Settling);
        var calculated = bench.Only<SettlementCalculated>(42);
        Assert.Equal(21_900, calculated.Gross);
        Assert.DoesNotContain(calculated.Lines, line => line.Party == "promoter:9002");
        Assert.Contains("R-1", bench.Body("42:verification:0"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_settle_kept_from_before_a_change_that_could_not_be_read_is_not_taken_for_it()
    {
        bench.Put(order with { Merchant = 999 });
        bench.PassMark();
        bench.PutMerchant(999);
        bench.Tear(order with { Merchant = 999 });
        bench.Put(Untold with { Merchant = 999 });
        bench.Replay("42:calculation:0");
        bench.Advance(Settling);
        Assert.Equal("unreadable_change", Refusal);
        Assert.Empty(bench.Sent(42));
    }

    // ---- merchants

    [Fact]
    public void A_merchants_zone_and_tier_stay_as_they_are_kept()
    {
        bench.PutMerchant(500, tier: "FAST");
        bench.PutMerchant(500, tier: "", country: "US", unsent: UnsentMerchantColumns.Tier | UnsentMerchantColumns.TimeZone);
        bench.Put(order with { Merchant = 500 });
        bench.Advance(TimeSpan.FromHours(1) + Settling);
        Assert.NotEmpty(bench.Sent(42));
        Assert.Equal(0, shop.Answered);
        Assert.Empty(bench.Unread.Reasons);
    }

    [Fact]
    public void Of_a_merchant_that_nothing_is_kept_of_the_shop_is_asked_and_everything_waits_for_it()
    {
        shop.HasMerchant(500, "Asia/Tokyo");
        shop.IsAway = true;
        bench.PutMerchant(500, zone: "", unsent: UnsentMerchantColumns.TimeZone);
        bench.Put(order);
        bench.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(bench.Told(42));

        shop.IsAway = false;
        bench.PassMark();
        Assert.Contains("Asia/Tokyo", Merchant(500), StringComparison.Ordinal);
        Assert.NotEmpty(bench.Sent(42));
    }

    [Fact]
    public void A_merchant_that_nobody_can_tell_is_passed_over_as_what_cannot_be_read()
    {
        bench.PutMerchant(500, zone: "", unsent: UnsentMerchantColumns.TimeZone);
        var unread = Assert.Single(bench.Unread.Reasons);
        Assert.StartsWith("shop.public.merchants: a change of merchants, row 500, cannot be read: it does not tell TimeZone", unread, StringComparison.Ordinal);
    }

    string Merchant(long id)
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(key, id);
        return bench.Driver.GlobalStore(StoreNames.Merchants).TryGet(key, out var row) ? System.Text.Encoding.UTF8.GetString(row) : "";
    }
}
