namespace StreamSettle.Topology.Tests.Calls;

/// <summary>Which calls, in which order.</summary>
public sealed class LegsTests : IDisposable
{
    readonly TestBench bench = new();
    readonly ShopOrder order = new(42);

    public LegsTests() => bench.Delivery.Script = _ => [];

    public void Dispose() => bench.Dispose();

    string[] Legs(int n = 0) => [.. bench.Sent(42).Where(key => key.EndsWith($":{n}", StringComparison.Ordinal)).Select(key => key.Split(':')[1])];

    [Fact]
    public void Verification_then_split_and_tax_then_commission()
    {
        bench.Put(order);
        bench.PassMark();
        Assert.Equal(["verification"], Legs());
        bench.Confirm("42:verification:0");
        Assert.Equal(["split", "tax", "verification"], Legs().Order());
        bench.Confirm("42:tax:0");
        Assert.Equal(3, Legs().Length);
        bench.Confirm("42:split:0");
        Assert.Equal(4, Legs().Length);
        Assert.DoesNotContain("SettlementCompleted", bench.Told(42));
        bench.Confirm("42:commission:0");
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void Without_split_lines_commission_needs_the_verification_only_and_empty_legs_are_not_called()
    {
        bench.Put(order with { Country = "TX", Carrier = null, Promoter = null });
        bench.PassMark();
        Assert.Equal([("tax:TX", 11_900L), ("merchant:437", 0L)], bench.Only<SettlementCalculated>(42).Lines.Select(line => (line.Party, line.Amount)));
        bench.Confirm("42:verification:0");
        Assert.Equal(["tax", "verification"], Legs().Order());
        bench.Confirm("42:tax:0");
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);

        bench.PutWhole(order with { Refunded = "119.0000" });
        Assert.Equal(["tax"], Legs(1));
    }

    [Fact]
    public void The_same_result_twice_says_nothing_the_second_time()
    {
        bench.Put(order);
        bench.PassMark();
        bench.Answer("42:verification:0", DeliveryOutcome.Failed);
        bench.Answer("42:verification:0", DeliveryOutcome.Confirmed, attempt: 2);
        var (told, sent) = (bench.Told(42), Legs());
        bench.Answer("42:verification:0", DeliveryOutcome.Confirmed, attempt: 2);
        bench.Answer("42:verification:0", DeliveryOutcome.Failed, attempt: 3);
        bench.Answer("42:verification:0", DeliveryOutcome.DeadLettered, attempt: 3);
        Assert.Equal(told, bench.Told(42));
        Assert.Equal(sent, Legs());
    }

    [Fact]
    public void A_result_that_nobody_asked_for_is_passed_over()
    {
        bench.Put(order);
        bench.Confirm("42:verification:0");
        bench.Confirm("77:split:0");
        bench.PassMark();
        bench.Confirm("42:commission:0");
        bench.Confirm("42:split:3");
        Assert.Equal("SettlementCalculated", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_dead_letter_holds_the_legs_behind_it_until_it_is_replayed()
    {
        bench.Delivery.Script = key => key.Leg == Leg.Split ? [DeliveryOutcome.Failed, DeliveryOutcome.DeadLettered] : [DeliveryOutcome.Confirmed];
        bench.Put(order);
        bench.PassMark();
        Assert.Equal(["split", "tax", "verification"], Legs().Order());
        bench.Replay("42:split:0");
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal("ann@r1", bench.Only<DeliveryReplayed>(42).Cause);
        Assert.Equal(["42:split:0#1", "42:split:0#2", "42:split:0#101"], bench.Events(42).Where(happened => happened is DeliveryFailed or DeliveryDeadLettered or DeliveryConfirmed)
            .Select(happened => happened.Cause).Where(cause => cause.StartsWith("42:split", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_discarded_verification_takes_all_behind_it_along()
    {
        bench.Delivery.Script = _ => [DeliveryOutcome.DeadLettered];
        bench.Put(order);
        bench.PassMark();
        bench.Discard("42:verification:0");
        Assert.Equal(["verification", "split", "tax", "commission"], bench.Events(42).OfType<DeliveryDiscarded>().Select(discarded => discarded.Leg));
        Assert.All(bench.Events(42).OfType<DeliveryDiscarded>(), discarded => Assert.Equal("ann", discarded.By));
        Assert.Equal(["verification", "split", "tax", "commission"], bench.Only<SettlementCompleted>(42).Discarded);
        Assert.Equal(["verification"], Legs());

        bench.PutWhole(order with { Refunded = "50.0000" });
        Assert.Equal(["ReversalRequested", "ReversalCalculated", "ReversalCompleted"], bench.Told(42)[^3..]);
        Assert.Empty(bench.Only<ReversalCalculated>(42).Lines);
        Assert.Empty(Legs(1));
    }

    [Fact]
    public void A_discarded_split_takes_the_commission_along_and_holds_nothing_to_reverse()
    {
        bench.Delivery.Script = key => key.Leg == Leg.Split ? [DeliveryOutcome.DeadLettered] : [DeliveryOutcome.Confirmed];
        bench.Put(order);
        bench.PassMark();
        bench.Discard("42:split:0");
        Assert.Equal(["split", "commission"], bench.Only<SettlementCompleted>(42).Discarded);

        bench.PutWhole(order with { Refunded = "119.0000" });
        Assert.Equal([("tax:DE", 1900L)], bench.Only<ReversalCalculated>(42).Lines.Select(line => (line.Party, line.Amount)));
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_discard_that_finds_the_call_done_confirms_it_and_a_later_refund_takes_from_its_lines()
    {
        bench.Delivery.Script = key => key.Leg == Leg.Split && key.N == 0 ? [DeliveryOutcome.DeadLettered] : [DeliveryOutcome.Confirmed];
        bench.Delivery.Discarded = _ => (DeliveryOutcome.Confirmed, "found");
        bench.Put(order);
        bench.PassMark();
        bench.Discard("42:split:0");
        Assert.Empty(bench.Only<SettlementCompleted>(42).Discarded);
        Assert.Contains(bench.Events(42).OfType<DeliveryConfirmed>(), confirmed => confirmed is { Key: "42:split:0", Receipt: "found" });

        bench.PutWhole(order with { Refunded = "119.0000" });
        Assert.Equal(11_900, bench.Only<ReversalCalculated>(42).Lines.Sum(line => line.Amount));
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_discard_that_could_not_find_out_keeps_its_doubt_in_the_event()
    {
        bench.Delivery.Script = key => key.Leg == Leg.Split ? [DeliveryOutcome.DeadLettered] : [DeliveryOutcome.Confirmed];
        bench.Delivery.Discarded = _ => (DeliveryOutcome.Discarded, "unknown: 500");
        bench.Put(order);
        bench.PassMark();
        bench.Discard("42:split:0");

        Assert.Equal("unknown: 500", bench.Events(42).OfType<DeliveryDiscarded>().Single(discarded => discarded.Leg == "split").Reason);
        Assert.Null(bench.Events(42).OfType<DeliveryDiscarded>().Single(discarded => discarded.Leg == "commission").Reason);
    }

    [Fact]
    public void A_discarded_tax_leaves_the_other_legs_to_be_reversed_alone()
    {
        bench.Delivery.Script = key => key.Leg == Leg.Tax ? [DeliveryOutcome.DeadLettered] : [DeliveryOutcome.Confirmed];
        bench.Put(order);
        bench.PassMark();
        bench.PutWhole(order with { Refunded = "10.0000" });
        Assert.Equal("ReversalRequested", bench.Told(42)[^1]);
        bench.Discard("42:tax:0", "filed by hand");
        Assert.Equal("filed by hand", bench.Only<DeliveryDiscarded>(42).Note);
        Assert.Equal(["tax"], bench.Only<SettlementCompleted>(42).Discarded);
        var lines = bench.Only<ReversalCalculated>(42).Lines;
        Assert.Equal(1000, lines.Sum(line => line.Amount));
        Assert.DoesNotContain(lines, line => line.Party == "tax:DE");
    }

    [Fact]
    public void A_discarded_split_of_a_reversal_does_not_keep_the_commission_from_being_taken_back()
    {
        bench.Delivery.Script = key => key is { Leg: Leg.Split, N: 1 } ? [DeliveryOutcome.DeadLettered] : [DeliveryOutcome.Confirmed];
        bench.Put(order);
        bench.PassMark();
        bench.PutWhole(order with { Refunded = "50.0000" });
        Assert.DoesNotContain("commission", Legs(1));
        bench.Discard("42:split:1");
        Assert.Contains("commission", Legs(1));
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void Reversals_wait_for_the_settlement_and_for_those_before_them_also_behind_a_dead_letter()
    {
        bench.Delivery.Script = key => key is { Leg: Leg.Tax, N: 0 or 1 } ? [DeliveryOutcome.DeadLettered] : [DeliveryOutcome.Confirmed];
        bench.Delivery.Replayed = _ => [DeliveryOutcome.Confirmed];
        bench.Put(order);
        bench.PassMark();
        bench.PutWhole(order with { Refunded = "10.0000" });
        bench.PutWhole(order with { Refunded = "20.0000" });
        bench.PutWhole(order with { Refunded = "30.0000" });
        Assert.Equal([1, 2, 3], bench.Events(42).OfType<ReversalRequested>().Select(requested => requested.N));
        Assert.Empty(bench.Events(42).OfType<ReversalCalculated>());

        bench.Replay("42:tax:0");
        Assert.Equal([1], bench.Events(42).OfType<ReversalCalculated>().Select(reversal => reversal.N));
        Assert.Empty(Legs(2));
        bench.Replay("42:tax:1");
        Assert.Equal([1, 2, 3], bench.Events(42).OfType<ReversalCompleted>().Select(reversal => reversal.N));
        Assert.Single(bench.Events(42).OfType<SettlementCompleted>());
    }

    [Fact]
    public void A_refund_while_the_settlement_is_under_way_waits_for_it()
    {
        bench.Put(order);
        bench.PassMark();
        bench.PutWhole(order with { Refunded = "10.0000" });
        foreach (var leg in new[] { "verification", "split", "tax", "commission" })
        {
            Assert.Empty(Legs(1));
            bench.Confirm($"42:{leg}:0");
        }

        Assert.Equal(["split", "tax"], Legs(1).Order());
    }

    [Fact]
    public void Requests_about_what_is_not_there_are_passed_over()
    {
        bench.Put(order);
        bench.Replay("42:calculation:0");
        bench.Discard("42:split:0");
        bench.Replay("4711:split:0");
        bench.PassMark();
        bench.Replay("42:calculation:0");
        bench.Replay("42:split:7");
        bench.Replay("42:tax-refund:0");
        Assert.Equal("SettlementCalculated", bench.Told(42)[^1]);
        Assert.DoesNotContain(bench.Calls(), call => call.Kind != DeliveryCommandKind.Send);
    }
}
