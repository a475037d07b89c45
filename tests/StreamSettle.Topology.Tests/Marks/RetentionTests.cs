using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Marks;

/// <summary>An order's memory is kept for a while after its mark, and what can still move money is never dropped.</summary>
public sealed class RetentionTests : IDisposable
{
    static readonly TimeSpan Retention = TimeSpan.FromHours(2);

    readonly TestBench bench = new(new() { Partitions = 1, Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), Retention = Retention } });
    readonly ShopOrder order = new(42);

    public void Dispose() => bench.Dispose();

    int Entries(string store)
    {
        using var scan = bench.Driver.Store(store).Scan([], []);
        var count = 0;
        while (scan.MoveNext())
        {
            // How far a due window was taken is no entry.
            count += scan.Key.Length > 1 ? 1 : 0;
        }

        return count;
    }

    int AllEntries() =>
        Entries(StoreNames.OpenOrders) + Entries(StoreNames.OpenOrdersByDue) + Entries(StoreNames.Settlements) + Entries(StoreNames.Divisions)
        + Entries(StoreNames.SettlementsByDue);

    [Fact]
    public void A_finished_order_is_forgotten_after_the_retention_and_its_row_is_too_old_then()
    {
        bench.Put(order);
        bench.PassMark();
        Assert.Equal(4, AllEntries());
        bench.Advance(Retention);
        Assert.Equal(0, AllEntries());

        bench.Put(order with { Refunded = "10.0000" });
        bench.Advance(TestBench.Settling);
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(42).Reason);
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void Reading_the_table_again_makes_no_dead_letters_of_orders_that_were_settled_and_forgotten()
    {
        bench.Put(order);
        bench.PassMark();
        bench.Advance(Retention);
        var told = bench.Told(42).Length;

        bench.Put(order, position: bench.LastLsn + 1_000, streamed: false);
        bench.Advance(TestBench.Settling);
        Assert.Equal(told, bench.Told(42).Length);
        Assert.Empty(bench.DeadLetters());
        Assert.Equal(0, AllEntries());

        bench.Put(order with { Id = 43, CompletedAt = bench.Now }, position: bench.LastLsn + 1_000, streamed: false);
        bench.Advance(TestBench.Day + TestBench.Settling);
        Assert.Equal(4, bench.Sent(43).Length);
    }

    [Fact]
    public void Pending_orders_outlive_any_retention()
    {
        bench.PutMerchant(TestBench.Merchant, "SLOW");
        bench.Put(order);
        bench.Advance(2 * TestBench.Day + TestBench.Settling);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void An_order_with_an_open_leg_is_kept_by_settle_until_it_is_done()
    {
        bench.Delivery.Script = key => key.Leg == Leg.Tax ? [] : [DeliveryOutcome.Confirmed];
        bench.Put(order);
        bench.PassMark();
        bench.Advance(5 * Retention);
        Assert.Equal(1, Entries(StoreNames.Settlements));
        bench.Confirm("42:tax:0");
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        bench.Advance(2 * Retention);
        Assert.Equal(0, AllEntries());
    }

    [Fact]
    public void A_late_fired_order_is_kept_as_long_after_its_firing_as_another_after_its_mark()
    {
        bench.Put(order);
        bench.Gate.Press("away");
        bench.Advance(TestBench.Day + 3 * Retention);
        bench.Gate.Press(null);
        bench.Advance(TestBench.Settling);
        Assert.Equal(4, bench.Sent(42).Length);
        bench.PutWhole(order with { Refunded = "10.0000" });
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        bench.Advance(2 * Retention);
        Assert.Equal(0, AllEntries());
    }

    [Fact]
    public void A_cancelled_order_is_remembered_until_a_replay_of_its_completion_would_be_too_old()
    {
        var completed = bench.Put(order);
        bench.Put(order with { Status = OrderStatus.Cancelled });
        for (var hour = 0; hour < 30; hour++)
        {
            bench.Advance(TimeSpan.FromHours(1));
            bench.Put(order, position: completed);
        }

        Assert.Equal(["SettlementScheduled", "SettlementCancelled", "DeliveryDeadLettered"], bench.Told(42));
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(42).Reason);
        Assert.Empty(bench.Sent(42));
    }

    [Fact]
    public void Orders_that_never_complete_are_forgotten_too()
    {
        bench.Put(order with { Status = OrderStatus.Created, CompletedAt = null });
        bench.Put(order with { Status = OrderStatus.Paid, CompletedAt = null });
        Assert.Equal(2, AllEntries());
        bench.Advance(Retention + TestBench.Settling);
        Assert.Equal(0, AllEntries());
    }

    [Fact]
    public void A_refused_order_waits_for_a_person_however_long()
    {
        bench.Put(order with { CompletedAt = null });
        bench.Put(new(43) { Merchant = 999 });
        bench.Advance(TestBench.Day + 10 * Retention);
        bench.Discard("42:calculation:0");
        Assert.Equal("DeliveryDiscarded", bench.Told(42)[^1]);
        bench.Advance(TestBench.Day + 10 * Retention);
        Assert.Equal(1, Entries(StoreNames.Settlements));
    }

    // ---- forgotten everywhere at once

    string[] Forgotten() => [.. bench.Calls().Where(call => call.Kind == DeliveryCommandKind.Forget).Select(call => call.Text).Order(StringComparer.Ordinal)];

    [Fact]
    public void Delivery_forgets_the_calls_of_an_order_and_its_reversals_with_it()
    {
        bench.Put(order);
        bench.PassMark();
        bench.PutWhole(order with { Refunded = "10.0000" });
        bench.Advance(Retention - 2 * TestBench.Settling);
        Assert.Empty(Forgotten());
        bench.Advance(2 * Retention);
        Assert.Equal(bench.Sent(42).Order(StringComparer.Ordinal), Forgotten());
        Assert.Equal(7, Forgotten().Length);
        Assert.Equal(0, AllEntries());
    }

    [Fact]
    public void A_refund_of_an_order_that_is_still_open_is_reversed_however_late()
    {
        bench.Delivery.Script = key => key.Leg == Leg.Tax && key.N == 0 ? [] : [DeliveryOutcome.Confirmed];
        bench.Put(order);
        bench.PassMark();
        bench.Advance(10 * Retention);
        bench.PutWhole(order with { Refunded = "10.0000" });
        Assert.Equal("ReversalRequested", bench.Told(42)[^1]);
        bench.Confirm("42:tax:0");
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        Assert.Empty(bench.DeadLetters());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_dead_letter_of_a_call_can_be_replayed_and_discarded_however_late(bool replay)
    {
        bench.Delivery.Script = key => key.Leg == Leg.Tax ? [DeliveryOutcome.DeadLettered] : [DeliveryOutcome.Confirmed];
        bench.Put(order);
        bench.PassMark();
        bench.Advance(10 * Retention);
        bench.Operate("42:tax:0", replay);
        Assert.Equal(replay ? [] : ["tax"], bench.Only<SettlementCompleted>(42).Discarded);
        bench.Advance(3 * Retention);
        Assert.Equal(0, AllEntries());
    }

    [Fact]
    public void A_refused_refund_can_be_replayed_however_late()
    {
        bench.Put(order);
        bench.PassMark();
        bench.PutWhole(order with { Refunded = "500.0000" });
        bench.Advance(10 * Retention);
        bench.Replay("42:calculation:1");
        Assert.Equal(["DeliveryReplayed", "DeliveryDeadLettered"], bench.Told(42)[^2..]);
        bench.Discard("42:calculation:1");
        bench.Advance(3 * Retention);
        Assert.Equal(0, AllEntries());
    }

    [Fact]
    public void A_refund_that_could_not_be_read_can_be_replayed_however_late()
    {
        bench.Put(order);
        bench.PassMark();
        bench.Tear(order with { Refunded = "10.0000" });
        bench.Advance(10 * Retention);
        bench.Mend();
        bench.OperateRecord(Assert.Single(bench.TornLetters(42)), replay: true);
        bench.Read();
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        bench.Advance(3 * Retention);
        Assert.Equal(0, AllEntries());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_completion_that_could_not_be_read_waits_for_a_person_however_long(bool discard)
    {
        bench.Tear(order);
        bench.Advance(TestBench.Day + 10 * Retention);
        bench.Mend();
        bench.OperateRecord(Assert.Single(bench.TornLetters(42)), replay: !discard);
        bench.Advance(3 * Retention);
        Assert.Equal(discard ? 0 : 1, AllEntries());
        Assert.Equal(discard ? null : "too_old", bench.DeadLetter("42:calculation:0")?.Reason);
    }

    [Fact]
    public void A_record_that_was_overtaken_long_ago_is_still_old_news_when_it_is_replayed()
    {
        bench.Tear(order);
        bench.Put(order with { Status = OrderStatus.Cancelled });
        bench.Advance(TestBench.Day + 10 * Retention);
        bench.Mend();
        bench.OperateRecord(Assert.Single(bench.TornLetters(42)), replay: true);
        Assert.Empty(bench.DeadLetters());
        Assert.Empty(bench.Events(42));
        bench.Advance(3 * Retention);
        Assert.Equal(0, AllEntries());
    }

    [Fact]
    public void A_change_that_crosses_the_end_of_the_retention_is_not_lost()
    {
        bench.Put(order);
        bench.PassMark();
        var crossed = false;
        bench.Log.BeforeCommit = commit =>
        {
            if (!crossed && commit.Outputs.Any(output => output.Partition.Topic == Topics.Repartition(TestBench.App, Topics.FinishedOrders)))
            {
                // The shop refunds while settle's wish to forget the order is on its way to the clock.
                crossed = true;
                bench.Put(order with { Refunded = "10.0000" }, run: false);
            }
        };
        bench.Advance(Retention);
        Assert.True(crossed);
        Assert.NotEqual(0, AllEntries());
        bench.Read();
        Assert.Equal(1_000, bench.Only<ReversalRequested>(42).Refunded);

        // Both sides still know the order.
        bench.PutWhole(order with { Refunded = "20.0000" });
        Assert.Equal(2_000, bench.Events(42).OfType<ReversalRequested>().Last().Refunded);
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        Assert.DoesNotContain(bench.Events(42), happened => happened is DeliveryDeadLettered);
        bench.Advance(3 * Retention);
        Assert.Equal(0, AllEntries());
    }

    // ---- what was forgotten is never new

    [Fact]
    public void A_greater_retention_does_not_make_a_forgotten_order_new()
    {
        bench.Put(order);
        bench.PassMark();
        bench.Advance(2 * Retention);
        Assert.Equal(0, AllEntries());

        bench.Restart(settings: bench.Settings with { Retention = TimeSpan.FromDays(400) });
        bench.PutWhole(order with { Refunded = "10.0000" });
        bench.Put(new(43));
        bench.Put(new(44) { CompletedAt = bench.Now });
        bench.Advance(2 * TestBench.Day);
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(42).Reason);
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(43).Reason);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
        Assert.Equal(4, bench.Sent(44).Length);
    }

    [Fact]
    public void A_forgotten_order_is_not_new_when_its_mark_is_later_by_another_tier()
    {
        bench.Put(order);
        bench.PassMark();
        bench.Advance(2 * Retention);
        bench.PutMerchant(TestBench.Merchant, "SLOW");
        bench.Put(order);
        bench.Advance(2 * TestBench.Day);
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(42).Reason);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
    }

    [Fact]
    public void A_forgotten_order_that_is_seen_again_unfinished_is_not_new_when_it_completes()
    {
        bench.Put(order);
        bench.PassMark();
        bench.Advance(2 * Retention);
        bench.Put(order with { Status = OrderStatus.Disputed });
        bench.Put(order with { CompletedAt = bench.Now });
        bench.Advance(2 * TestBench.Day);
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(42).Reason);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
    }

    [Fact]
    public void A_forgotten_order_is_not_new_when_its_completion_is_edited()
    {
        bench.Put(order);
        bench.PassMark();
        bench.Update(order with { CompletedAt = bench.Now });
        bench.Advance(2 * Retention);
        bench.Update(order with { CompletedAt = bench.Now });
        bench.Update(new(43) { Status = OrderStatus.Disputed, CompletedAt = bench.Now });
        bench.Put(new(43) { CompletedAt = bench.Now });
        bench.Put(new(44) { CompletedAt = bench.Now });
        bench.Advance(2 * TestBench.Day);
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(42).Reason);
        Assert.Equal("too_old", bench.Only<DeliveryDeadLettered>(43).Reason);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
        Assert.Equal(4, bench.Sent(44).Length);
    }

    [Fact]
    public void An_order_that_is_updated_before_anything_was_forgotten_is_new()
    {
        bench.Update(order);
        bench.PassMark();
        Assert.Equal(4, bench.Sent(42).Length);
    }

    [Fact]
    public void A_replay_of_too_old_settles_only_what_the_event_log_proves_was_never_calculated()
    {
        bench.Put(order);
        bench.PassMark();
        bench.Advance(2 * Retention);
        bench.Put(order);
        bench.Put(new(43));
        foreach (var id in new[] { 42, 43 })
        {
            Assert.Equal("too_old", bench.DeadLetter($"{id}:calculation:0")?.Reason);
            bench.Replay($"{id}:calculation:0");
        }

        bench.Advance(TestBench.Settling);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
        Assert.Equal("too_old", bench.DeadLetter("42:calculation:0")?.Reason);
        Assert.Equal(["DeliveryReplayed", "DeliveryDeadLettered"], bench.Told(42)[^2..]);
        Assert.Equal(4, bench.Sent(43).Length);
    }

    [Fact]
    public void A_forgotten_order_that_comes_back_by_its_key_is_not_settled_again_by_a_replay()
    {
        bench.Put(order);
        bench.PassMark();
        bench.Advance(2 * Retention);
        bench.Rename(order with { Id = 50 }, 42);
        Assert.Equal("changed_key", bench.DeadLetter("42:calculation:0")?.Reason);
        bench.Replay("42:calculation:0");
        bench.Advance(TestBench.Settling);
        Assert.Equal("too_old", bench.DeadLetter("42:calculation:0")?.Reason);
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
    }
}
