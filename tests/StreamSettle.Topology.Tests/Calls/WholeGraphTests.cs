using StreamSettle.Delivery.Tests.Processing;

namespace StreamSettle.Topology.Tests.Calls;

/// <summary>The whole graph with the delivery that the service has, over a scripted system, in virtual time: from the row of an order to the last receipt.</summary>
public sealed class WholeGraphTests : IDisposable
{
    /// <summary>Short: delivery looks at its times ten times a second, each a round of the driver.</summary>
    static readonly TimeSpan UntilMark = TimeSpan.FromSeconds(10);

    static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    readonly ScriptedSystem system = new();
    readonly TestBench bench;

    public WholeGraphTests() => bench = new(new() { System = system, Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(1) }, CommitEvery = 1 });

    public void Dispose() => bench.Dispose();

    static ShopOrder Order(long id) => new(id) { CompletedAt = TestBench.Start - TestBench.Day + UntilMark, Invoice = """{"no": "R-1"}""" };

    string[] Posted() => [.. system.Posts.Select(post => post.Key)];

    [Fact]
    public void An_order_that_falls_due_is_called_leg_by_leg_and_is_settled_by_the_last_receipt()
    {
        system.OnPost = (_, _) => Reply.Held;
        bench.Put(Order(42));
        bench.Advance(UntilMark - TimeSpan.FromSeconds(1));
        Assert.Empty(Posted());

        bench.Advance(AMinute);
        Assert.Equal(["42:verification:0"], Posted());
        Answer();
        Assert.Equal(["42:verification:0", "42:split:0", "42:tax:0"], Posted());
        Assert.Equal(["SettlementScheduled", "SettlementDue", "SettlementCalculated", "DeliveryConfirmed"], bench.Told(42));
        Answer();
        Assert.Equal(["42:verification:0", "42:split:0", "42:tax:0", "42:commission:0"], Posted());
        Assert.DoesNotContain("SettlementCompleted", bench.Told(42));
        Answer();

        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal(["r-1", "r-2", "r-3", "r-4"], bench.Events(42).OfType<DeliveryConfirmed>().Select(confirmed => confirmed.Receipt).Order());
        Assert.All(system.Posts, post => Assert.Equal(bench.Body(post.Key), post.Body));
    }

    [Fact]
    public void An_attempt_that_failed_is_repeated_under_its_key_and_the_legs_behind_it_wait()
    {
        system.OnPost = (key, attempt) => key == "42:split:0" && attempt < 3 ? Reply.Of(503) : Reply.Ok;
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMinute);

        Assert.Equal(["42:verification:0", "42:split:0", "42:tax:0", "42:split:0", "42:split:0", "42:commission:0"], Posted());
        Assert.Equal([1, 2], bench.Events(42).OfType<DeliveryFailed>().Select(failed => failed.Attempt));
        Assert.Equal(3, bench.Events(42).OfType<DeliveryConfirmed>().Single(confirmed => confirmed.Leg == "split").Attempt);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_rejected_call_waits_for_a_person_and_its_replay_lets_the_order_go_on()
    {
        system.OnPost = (_, attempt) => attempt == 1 && Posted()[^1] == "42:verification:0" ? Reply.Of(422, "no such buyer") : Reply.Ok;
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMinute);
        Assert.Equal("422", bench.DeadLetter("42:verification:0")!.Reason[..3]);
        Assert.Equal(["42:verification:0"], Posted());

        bench.Replay("42:verification:0");
        bench.Advance(AMinute);
        Assert.Null(bench.DeadLetter("42:verification:0"));
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal(["42:verification:0", "42:split:0", "42:tax:0", "42:commission:0"], system.Effects);
    }

    [Fact]
    public void A_process_that_ends_while_calls_are_under_way_leaves_them_to_the_next_under_the_same_bytes()
    {
        system.OnPost = (key, _) => key == "42:split:0" ? Reply.DoneButLost : Reply.Held;
        system.OnGet = (_, _) => Reply.Held;
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMinute);
        Answer();
        Assert.Equal(["42:split:0", "42:tax:0"], system.HeldBack.Select(held => held.Key).Order());

        // What is in flight gets no answer any more.
        system.HeldBack.Clear();
        (system.OnPost, system.OnGet) = ((_, _) => Reply.Ok, (_, _) => null);
        bench.Restart();
        bench.Advance(AMinute);

        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal(["42:commission:0", "42:split:0", "42:tax:0", "42:verification:0"], system.Effects.Order());
        Assert.Equal(["42:commission:0", "42:split:0", "42:tax:0", "42:tax:0", "42:verification:0"], Posted().Order());
        Assert.All(system.Posts, post => Assert.Equal(bench.Body(post.Key), post.Body));
    }

    [Fact]
    public void A_refund_after_the_settlement_is_called_back_by_legs_of_its_own()
    {
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMinute);
        bench.Put(Order(42) with { Refunded = "19.0000" });
        bench.Advance(AMinute);

        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        Assert.Equal(["42:split:1", "42:tax:1", "42:commission:1"], system.Effects.Skip(4));
    }

    [Fact]
    public void Orders_of_one_merchant_are_called_one_at_a_time_in_the_order_of_their_marks()
    {
        bench.Put(Order(43) with { CompletedAt = Order(43).CompletedAt + TimeSpan.FromSeconds(2) });
        bench.Put(Order(42));
        bench.Advance(UntilMark + AMinute);

        Assert.Equal(["42:split:0", "43:split:0"], Posted().Where(key => key.Contains(":split:", StringComparison.Ordinal)));
        Assert.All([42, 43], id => Assert.Equal("SettlementCompleted", bench.Told(id)[^1]));
    }

    /// <summary>The system answers what it has, and what follows is done.</summary>
    void Answer()
    {
        system.Release();
        bench.Advance(TimeSpan.FromSeconds(2));
    }
}
