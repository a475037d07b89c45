using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Tests.Lives;

namespace StreamSettle.Topology.Tests.Rebuilding;

/// <summary>The state is lost at each stage that an order can stand at, and made anew from facts and rows: what was to come of the order comes, and nothing twice.</summary>
public sealed class RebuiltStagesTests : IDisposable
{
    static readonly TimeSpan UntilMark = TimeSpan.FromSeconds(10);
    static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    readonly ScriptedSystem system = new();
    readonly TestBench bench;

    public RebuiltStagesTests() => bench = new(new() { System = system, Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(1) }, CommitEvery = 1 });

    public void Dispose() => bench.Dispose();

    static ShopOrder Order(long id = 42) => new(id) { CompletedAt = TestBench.Start - TestBench.Day + UntilMark, Invoice = """{"no": "R-1"}""" };

    string[] Posted() => [.. system.Posts.Select(post => post.Key)];

    void PassMark() => bench.Advance(UntilMark + AMinute);

    [Fact]
    public void A_scheduled_order_is_settled_at_its_mark_and_nothing_is_told_twice()
    {
        bench.Put(Order());
        bench.Rebuild(Order());
        FoldCheck.Stores(bench);
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        PassMark();
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal(4, system.Effects.Distinct().Count());
        Assert.Equal(4, system.Effects.Count);
    }

    [Fact]
    public void A_mark_that_passed_while_nothing_ran_fires_when_the_source_was_read()
    {
        bench.Put(Order());
        bench.Time.Advance(TestBench.Day);
        bench.RebuildUnread(Order());
        bench.Advance(AMinute);
        Assert.Empty(Posted());

        bench.ReadSource(Order());
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Contains("42:verification:0", system.Gets);
    }

    [Fact]
    public void A_row_that_was_edited_or_taken_back_or_deleted_while_nothing_ran_counts_as_it_is()
    {
        bench.Put(Order(1));
        bench.Put(Order(2));
        bench.Put(Order(3));
        bench.Put(Order(4));
        bench.Rebuild(Order(1) with { Gross = "238.0000" }, Order(2) with { Status = OrderStatus.Cancelled }, Order(4) with { CompletedAt = Order().CompletedAt + TimeSpan.FromHours(1) });
        PassMark();

        Assert.Equal(23_800, bench.Only<SettlementCalculated>(1).Gross);
        Assert.Equal("status_cancelled", bench.Only<SettlementCancelled>(2).Reason);
        Assert.Equal("deleted", bench.Only<SettlementCancelled>(3).Reason);
        Assert.Equal(["SettlementScheduled", "SettlementRescheduled"], bench.Told(4));
        FoldCheck.Stores(bench);
    }

    [Fact]
    public void An_order_that_waits_for_its_calculation_is_calculated_once()
    {
        bench.Put(Order());
        bench.Advance(UntilMark);
        bench.Facts.Lose(42, bench.Told(42).Length - Array.IndexOf(bench.Told(42), "SettlementDue") - 1);
        Assert.Equal("SettlementDue", bench.Told(42)[^1]);
        var before = system.Effects.ToList();
        bench.Rebuild(Order());
        bench.Advance(AMinute);

        // What the lost state had done already is held; nothing is done again.
        Assert.Single(bench.Events(42).OfType<SettlementCalculated>());
        Assert.Equal(system.Effects.Distinct(), system.Effects);
        Assert.Equal(before, system.Effects[..before.Count]);
    }

    [Theory]
    [InlineData("verification")]
    [InlineData("split")]
    [InlineData("tax")]
    [InlineData("commission")]
    public void A_call_that_was_under_way_is_asked_for_first_and_what_its_system_has_is_taken(string leg)
    {
        system.OnPost = (key, _) => key == $"42:{leg}:0" ? Reply.DoneButLost : Reply.Ok;
        system.OnGet = (_, _) => Reply.Held;
        bench.Put(Order());
        PassMark();
        Assert.Equal($"42:{leg}:0", Assert.Single(system.HeldBack).Key);

        system.HeldBack.Clear();
        (system.OnPost, system.OnGet) = ((_, _) => Reply.Ok, (_, _) => null);
        bench.Rebuild(Order());
        FoldCheck.Stores(bench);
        bench.Advance(AMinute);

        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal(4, system.Effects.Count);
        Assert.Single(system.Posts, post => post.Key == $"42:{leg}:0");
        Assert.Equal(4, bench.Events(42).OfType<DeliveryConfirmed>().Count());
    }

    [Fact]
    public void A_call_that_never_arrived_is_sent_with_the_bytes_that_it_had()
    {
        system.OnPost = (key, _) => key.StartsWith("42:verification", StringComparison.Ordinal) ? Reply.Held : Reply.Ok;
        bench.Put(Order());
        PassMark();
        system.HeldBack.Clear();
        system.OnPost = (_, _) => Reply.Ok;
        bench.Rebuild(Order());
        bench.Advance(AMinute);

        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        var bodies = system.Posts.Where(post => post.Key == "42:verification:0").Select(post => post.Body).ToList();
        Assert.Equal(2, bodies.Count);
        Assert.Single(bodies.Distinct());
        Assert.Equal(["42:verification:0"], system.Gets[..1]);
    }

    [Fact]
    public void Other_bytes_than_may_have_been_sent_are_sent_by_a_person_alone()
    {
        system.OnPost = (_, _) => Reply.Held;
        bench.Put(Order());
        PassMark();
        system.HeldBack.Clear();
        system.OnPost = (_, _) => Reply.Ok;
        var edited = Order() with { Invoice = """{"no": "R-2"}""" };
        bench.Rebuild(edited);
        bench.Advance(AMinute);

        Assert.Single(Posted());
        Assert.StartsWith("the state was rebuilt, and the invoice", bench.DeadLetter("42:verification:0")!.Reason, StringComparison.Ordinal);
        bench.Replay("42:verification:0");
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Contains("R-2", system.Posts[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dead_letter_waits_for_a_person_as_before()
    {
        system.OnPost = (key, _) => key == "42:split:0" ? Reply.Of(422, "no such account") : Reply.Ok;
        bench.Put(Order());
        PassMark();
        var before = bench.DeadLetter("42:split:0")!;
        system.OnPost = (_, _) => Reply.Ok;
        bench.Rebuild(Order());
        bench.Advance(AMinute);
        var after = bench.DeadLetter("42:split:0")!;
        Assert.Equal((before.Reason, before.Attempts, before.Since, before.MerchantId), (after.Reason, after.Attempts, after.Since, after.MerchantId));
        Assert.Equal(before.Payload, after.Payload);

        // Which of the calls that were answered at one moment is told last is up to whoever runs the tasks.
        Assert.Contains("DeliveryConfirmed", bench.Told(42));
        Assert.DoesNotContain("SettlementCompleted", bench.Told(42));

        bench.Replay("42:split:0");
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_discarded_leg_stays_discarded_and_the_order_completed()
    {
        system.OnPost = (key, _) => key == "42:commission:0" ? Reply.Of(422, "no") : Reply.Ok;
        bench.Put(Order());
        PassMark();
        bench.Discard("42:commission:0");
        bench.Advance(AMinute);
        var told = bench.Told(42);
        Assert.Equal("SettlementCompleted", told[^1]);
        bench.Rebuild(Order());
        bench.Advance(AMinute);
        Assert.Equal(told, bench.Told(42));
        Assert.Equal(3, system.Effects.Count);
        FoldCheck.Stores(bench);
    }

    [Fact]
    public void A_refund_that_came_while_nothing_ran_is_reversed_once()
    {
        bench.Put(Order());
        PassMark();
        bench.Rebuild(Order() with { Refunded = "19.0000" });
        bench.Advance(AMinute);
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        Assert.Equal(["42:split:1", "42:tax:1", "42:commission:1"], system.Effects.Skip(4));

        bench.Rebuild(Order() with { Refunded = "19.0000" });
        bench.Advance(AMinute);
        Assert.Equal(7, system.Effects.Count);
        FoldCheck.Stores(bench);
    }

    [Fact]
    public void A_reversal_under_way_goes_on()
    {
        bench.Put(Order());
        PassMark();
        system.OnPost = (key, _) => key.EndsWith(":1", StringComparison.Ordinal) ? Reply.Held : Reply.Ok;
        bench.Put(Order() with { Refunded = "19.0000" });
        bench.Advance(AMinute);
        system.HeldBack.Clear();
        system.OnPost = (_, _) => Reply.Ok;
        bench.Rebuild(Order() with { Refunded = "19.0000" });
        bench.Advance(AMinute);
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        Assert.Equal(7, system.Effects.Count);
        FoldCheck.Stores(bench);
    }

    [Fact]
    public void A_refused_order_and_a_refused_refund_wait_as_before()
    {
        bench.Put(Order(1) with { Currency = "XXX" });
        bench.Put(Order(2) with { CompletedAt = null });
        bench.Put(Order(3));
        PassMark();
        bench.Put(Order(3) with { Refunded = "200.0000" });
        bench.Advance(AMinute);
        var before = bench.DeadLetters().Select(letter => (letter.Id, letter.Reason)).Order().ToList();
        Assert.Equal(3, before.Count);

        bench.Rebuild(Order(1) with { Currency = "XXX" }, Order(2) with { CompletedAt = null }, Order(3) with { Refunded = "200.0000" });
        bench.Advance(AMinute);
        Assert.Equal(before, bench.DeadLetters().Select(letter => (letter.Id, letter.Reason)).Order());
        FoldCheck.Stores(bench);
    }

    [Fact]
    public void A_changed_key_stays_refused_until_a_person_replays_it()
    {
        bench.Put(Order(1));
        bench.Rename(Order(1), 2);
        bench.Rebuild(Order(2));
        PassMark();
        Assert.Empty(Posted());
        Assert.Equal("changed_key", bench.DeadLetter("2:calculation:0")!.Reason);
        bench.Replay("2:calculation:0");
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(2)[^1]);
    }

    [Fact]
    public void A_person_who_asks_before_the_source_was_read_can_ask_again()
    {
        bench.Put(Order() with { Currency = "XXX" });
        PassMark();
        bench.RebuildUnread(Order());
        bench.Replay("42:calculation:0");
        Assert.NotNull(bench.DeadLetter("42:calculation:0"));
        bench.ReadSource(Order());
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_cancelled_order_stays_so_and_one_that_was_given_up_too()
    {
        bench.Put(Order(1));
        bench.Put(Order(1) with { Status = OrderStatus.Disputed });
        bench.Put(Order(2) with { CompletedAt = null });
        bench.Discard("2:calculation:0");
        bench.Rebuild(Order(1) with { Status = OrderStatus.Disputed }, Order(2));
        PassMark();
        Assert.Equal("SettlementCancelled", bench.Told(1)[^1]);
        Assert.Equal("DeliveryDiscarded", bench.Told(2)[^1]);
        Assert.Empty(Posted());
        FoldCheck.Stores(bench);

        bench.Put(Order(1));
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(1)[^1]);
    }

    [Fact]
    public void A_finished_order_is_forgotten_when_its_retention_is_over()
    {
        bench.Put(Order());
        PassMark();
        var told = bench.Told(42);
        bench.Rebuild(Order());
        bench.Advance(AMinute);
        Assert.Equal(1, FoldCheck.Stores(bench));
        bench.Time.Advance(bench.Settings.Retention + TestBench.Day);
        bench.Rebuild(Order());
        bench.Advance(AMinute);
        Assert.Equal(0, FoldCheck.Stores(bench, again: true));
        Assert.Equal(told, bench.Told(42));
    }

    [Fact]
    public void Calls_of_a_lane_go_in_the_order_in_which_they_could()
    {
        system.OnPost = (_, _) => Reply.Held;
        for (var id = 9; id > 0; id--)
        {
            bench.Put(Order(id) with { CompletedAt = Order().CompletedAt + TimeSpan.FromSeconds(10 - id) });
        }

        PassMark();
        system.HeldBack.Clear();
        system.Posts.Clear();
        system.OnPost = (_, _) => Reply.Ok;
        bench.Rebuild([.. Enumerable.Range(1, 9).Select(id => Order(id) with { CompletedAt = Order().CompletedAt + TimeSpan.FromSeconds(10 - id) })]);
        bench.Advance(AMinute);
        Assert.Equal(Enumerable.Range(1, 9).Reverse().Select(id => $"{id}:verification:0"), Posted().Where(key => key.Contains("verification", StringComparison.Ordinal)));
        Assert.All(Enumerable.Range(1, 9), id => Assert.Equal("SettlementCompleted", bench.Told(id)[^1]));
    }

    [Theory]
    [InlineData("order:42")]
    [InlineData("merchant:437")]
    [InlineData("everything")]
    public void What_a_person_held_back_is_held_until_somebody_releases_it(string scope)
    {
        bench.Hold(scope);
        bench.Put(Order());
        PassMark();
        Assert.Equal("SettlementHeld", bench.Told(42)[^1]);
        bench.Rebuild(Order());
        bench.Advance(AMinute);
        Assert.Equal("SettlementHeld", bench.Told(42)[^1]);
        Assert.Empty(Posted());

        bench.Release($"rebuilt-{scope}");
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }
}
