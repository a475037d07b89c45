using System.Text;
using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Topology.Tests.Lives;

namespace StreamSettle.Topology.Tests.Calls;

/// <summary>
/// A system tells that it has undone what it had done (contract/downstreams.md, "Callbacks"): the call waits for a person, who sends it again as a new effect, or leaves it undone.
/// With the delivery that the service has, in virtual time.
/// </summary>
public sealed class ReturnedCallsTests : IDisposable
{
    const string Split = "42:split:0";
    const string Invoice = """{"no": "R-1"}""";

    static readonly TimeSpan UntilMark = TimeSpan.FromSeconds(10);
    static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    readonly ScriptedSystem system = new();
    readonly TestBench bench;

    public ReturnedCallsTests()
    {
        bench = new(new() { System = system, Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(1) }, CommitEvery = 1 });
        bench.Put(Order());
    }

    public void Dispose() => bench.Dispose();

    static ShopOrder Order() => new(42) { CompletedAt = TestBench.Start - TestBench.Day + UntilMark, Invoice = Invoice };

    void Settle() => bench.Advance(UntilMark + AMinute);

    void Replay(string key)
    {
        bench.Replay(key);
        bench.Advance(AMinute);
    }

    string[] Told(string leg) => [.. bench.Events(42).Select(Text).OfType<string>().Where(told => told.Contains($":{leg}:", StringComparison.Ordinal))];

    static string? Text(SettlementEvent happened) => happened switch
    {
        DeliveryConfirmed e => $"confirmed {e.Key}",
        DeliveryReturned e => $"returned {e.Key}",
        DeliveryDeadLettered e => $"dead {e.Key}",
        DeliveryReplayed e => $"replayed {e.Key} as {e.SentAs}",
        DeliveryDiscarded e => $"discarded {e.Key}",
        _ => null,
    };

    [Theory]
    [InlineData("42:verification:0"), InlineData(Split), InlineData("42:tax:0"), InlineData("42:commission:0")]
    public void It_waits_as_a_dead_letter_and_its_replay_is_a_new_effect_with_the_same_bytes(string key)
    {
        Settle();
        bench.Return(key);

        var letter = bench.DeadLetter(key)!;
        Assert.Equal(("returned: account closed", key.Split(':')[1], 42L, TestBench.Merchant), (letter.Reason, letter.Stage, letter.OrderId!.Value, letter.MerchantId!.Value));
        Assert.Equal((1, 1), (bench.Tallies.DeadLetters.Now, bench.Tallies.DeadLetters.NowAt(letter.Stage)));
        bench.Advance(AMinute);
        Assert.Equal(4, system.Effects.Count);

        Replay(key);
        Assert.Null(bench.DeadLetter(key));
        Assert.Equal(0, bench.Tallies.DeadLetters.NowAt(letter.Stage));
        Assert.Equal($"{key};r1", system.Effects[^1]);
        Assert.Equal(5, system.Effects.Count);
        Assert.Equal(system.Posts.Single(post => post.Key == key).Body, system.Posts.Single(post => post.Key == $"{key};r1").Body);
        Assert.Equal(system.Posts[^1].Body, Encoding.UTF8.GetString(letter.Payload));
        FoldCheck.Stores(bench);
    }

    [Fact]
    public void The_log_tells_the_return_the_waiting_the_replay_and_the_new_effect_each_once()
    {
        Settle();
        bench.Return(Split);
        Replay(Split);

        Assert.Equal(
            [$"confirmed {Split}", $"returned {Split}", $"dead {Split}", $"replayed {Split} as {Split};r1", $"confirmed {Split};r1"], Told("split"));
        var returned = bench.Only<DeliveryReturned>(42);
        Assert.Equal(("split", 0, "account closed"), (returned.Leg, returned.N, returned.Reason));
        Assert.Single(bench.Told(42), "SettlementCompleted");
        Assert.Equal(bench.Events(42).Count, bench.Events(42).Select(happened => (happened.GetType(), happened.Cause)).Distinct().Count());
    }

    [Fact]
    public void Told_again_at_any_time_it_changes_nothing()
    {
        Settle();
        bench.Return(Split);
        bench.Return(Split, "another reason");
        Replay(Split);
        bench.Return(Split);
        bench.Restart();
        bench.Return(Split);
        bench.Advance(AMinute);

        Assert.Single(bench.Events(42).OfType<DeliveryReturned>());
        Assert.Empty(bench.DeadLetters());
        Assert.Equal(5, system.Effects.Count);
    }

    [Fact]
    public void A_return_of_the_new_effect_is_another_one_and_so_on()
    {
        Settle();
        bench.Return(Split);
        Replay(Split);
        bench.Return($"{Split};r1", "still closed");
        Assert.Equal("returned: still closed", bench.DeadLetter($"{Split};r1")!.Reason);
        Assert.Null(bench.DeadLetter(Split));

        // The first one is over for good, and the third is none yet.
        Replay(Split);
        bench.Return($"{Split};r2");
        Assert.Equal(5, system.Effects.Count);
        Replay($"{Split};r1");
        bench.Return($"{Split};r2");
        Replay($"{Split};r2");

        Assert.Equal([$"{Split};r1", $"{Split};r2", $"{Split};r3"], system.Effects.Skip(4));
        Assert.Single(system.Posts.Where(post => post.Key.StartsWith(Split, StringComparison.Ordinal)).Select(post => post.Body).Distinct());
        FoldCheck.Stores(bench);
    }

    [Fact]
    public void A_discard_counts_as_a_discarded_leg()
    {
        system.OnPost = (key, _) => key == "42:tax:0" ? Reply.Of(422, "no") : Reply.Ok;
        Settle();
        bench.Return(Split);
        bench.Discard(Split, "paid by hand");
        bench.Advance(AMinute);
        Assert.Equal("paid by hand", bench.Only<DeliveryDiscarded>(42).Note);
        Assert.Null(bench.DeadLetter(Split));

        bench.Discard("42:tax:0");
        bench.Advance(AMinute);
        Assert.Equal(["split", "tax"], bench.Only<SettlementCompleted>(42).Discarded);
        bench.Return(Split);
        Replay(Split);
        Assert.Equal(["42:verification:0", Split, "42:commission:0"], system.Effects);
        FoldCheck.Stores(bench);
    }

    [Fact]
    public void An_order_whose_leg_was_returned_completes_with_the_new_effect()
    {
        system.OnPost = (key, _) => key == "42:tax:0" ? Reply.Held : Reply.Ok;
        Settle();
        bench.Return(Split);
        system.OnPost = (_, _) => Reply.Ok;
        system.Release();
        bench.Advance(AMinute);
        Assert.DoesNotContain("SettlementCompleted", bench.Told(42));

        Replay(Split);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_callback_that_is_quicker_than_the_answer_counts_when_the_answer_comes_and_the_legs_behind_it_wait()
    {
        system.OnPost = (key, _) => key == Split ? Reply.Held : Reply.Ok;
        Settle();
        bench.Return(Split);
        bench.Return(Split);
        Assert.Null(bench.DeadLetter(Split));
        Assert.Equal([$"returned {Split}"], Told("split"));

        bench.Restart();
        system.OnPost = (_, _) => Reply.Ok;
        system.OnGet = (_, _) => null;
        system.HeldBack.Clear();
        bench.Advance(AMinute);
        Assert.Equal([$"returned {Split}", $"confirmed {Split}", $"dead {Split}"], Told("split"));
        Assert.DoesNotContain("42:commission:0", system.Effects);
        FoldCheck.Stores(bench);

        Replay(Split);
        Assert.Equal([$"{Split};r1", "42:commission:0"], system.Effects.TakeLast(2));
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void An_early_return_that_is_discarded_takes_the_legs_behind_it()
    {
        system.OnPost = (key, _) => key == Split ? Reply.Held : Reply.Ok;
        Settle();
        bench.Return(Split);
        system.Release();
        bench.Advance(AMinute);
        bench.Discard(Split, "gone");
        bench.Advance(AMinute);

        Assert.Equal(["split", "commission"], bench.Only<SettlementCompleted>(42).Discarded);
        Assert.All(bench.Events(42).OfType<DeliveryDiscarded>(), discarded => Assert.Equal("ann", discarded.By));
        Assert.DoesNotContain("42:commission:0", system.Effects);
    }

    [Fact]
    public void What_was_given_up_as_unknown_and_undone_waits_as_returned_when_its_replay_finds_it()
    {
        system.OnPost = (key, _) => key == Split ? Reply.DoneButLost : Reply.Ok;
        system.OnGet = (_, _) => Reply.Of(500);
        bench.Advance(UntilMark + TimeSpan.FromHours(5));
        Assert.StartsWith("unknown:", bench.DeadLetter(Split)!.Reason, StringComparison.Ordinal);
        bench.Return(Split);
        Assert.StartsWith("unknown:", bench.DeadLetter(Split)!.Reason, StringComparison.Ordinal);

        system.OnGet = (_, _) => null;
        Replay(Split);
        Assert.Equal("returned: account closed", bench.DeadLetter(Split)!.Reason);
        Replay(Split);
        Assert.Equal([Split, "42:tax:0", $"{Split};r1", "42:commission:0"], system.Effects.Skip(1).OrderBy(key => key == "42:tax:0" ? 1 : system.Effects.IndexOf(key)));
    }

    [Fact]
    public void What_was_never_sent_is_not_returned()
    {
        bench.Return(Split);
        system.OnPost = (key, _) => key == "42:verification:0" ? Reply.Held : Reply.Ok;
        Settle();
        foreach (var key in new[] { Split, $"42:verification:0;r1", "42:split:1", "43:split:0" })
        {
            bench.Return(key);
        }

        system.Release();
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Empty(bench.Events(42).OfType<DeliveryReturned>());
        Assert.Empty(bench.DeadLetters());
    }

    [Fact]
    public void A_refund_waits_behind_a_returned_leg_and_goes_on_with_the_new_effect_or_without_the_leg()
    {
        Settle();
        bench.Return(Split);
        bench.Put(Order() with { Refunded = "19.0000" });
        bench.Advance(AMinute);
        Assert.Equal("ReversalRequested", bench.Told(42)[^1]);

        Replay(Split);
        Assert.Equal([$"{Split};r1", "42:split:1", "42:tax:1", "42:commission:1"], system.Effects.Skip(4));
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);

        bench.Return("42:split:1");
        bench.Put(Order() with { Refunded = "38.0000" });
        bench.Advance(AMinute);
        Assert.DoesNotContain("42:split:2", system.Effects);
        bench.Discard("42:split:1", "kept");
        bench.Advance(AMinute);
        Assert.Contains("42:split:2", system.Effects);
        FoldCheck.Stores(bench);
    }

    [Fact]
    public void A_returned_leg_of_a_settlement_that_a_refund_has_taken_back_in_part_goes_again_whole()
    {
        Settle();
        bench.Put(Order() with { Refunded = "19.0000" });
        bench.Advance(AMinute);
        bench.Return(Split);
        Replay(Split);

        Assert.Equal(system.Posts.Single(post => post.Key == Split).Body, system.Posts.Single(post => post.Key == $"{Split};r1").Body);
        Assert.Single(bench.Told(42), "ReversalCompleted");
    }

    [Fact]
    public void A_discarded_returned_leg_holds_nothing_for_a_later_refund()
    {
        Settle();
        bench.Return(Split);
        bench.Discard(Split, "kept");
        bench.Put(Order() with { Refunded = "19.0000" });
        bench.Advance(AMinute);

        Assert.DoesNotContain("42:split:1", system.Effects);
        Assert.Contains("42:tax:1", system.Effects);
    }

    [Fact]
    public void A_late_answer_for_the_old_key_changes_nothing()
    {
        Settle();
        bench.Return(Split);
        Replay(Split);
        var (told, effects) = (bench.Told(42), system.Effects.Count);
        foreach (var outcome in new[] { DeliveryOutcome.Confirmed, DeliveryOutcome.Failed, DeliveryOutcome.DeadLettered, DeliveryOutcome.Discarded, DeliveryOutcome.Replayed })
        {
            bench.Answer(Split, outcome, attempt: 9);
        }

        bench.Advance(AMinute);
        Assert.Equal(told, bench.Told(42));
        Assert.Equal(effects, system.Effects.Count);
    }

    [Fact]
    public void A_call_of_a_held_order_is_returned_all_the_same_and_goes_again_when_the_hold_ends()
    {
        Settle();
        var hold = bench.Hold("order:42");
        bench.Return(Split);
        Replay(Split);
        Assert.DoesNotContain($"{Split};r1", system.Effects);

        bench.Release(hold);
        bench.Advance(AMinute);
        Assert.Contains($"{Split};r1", system.Effects);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Whatever_stage_it_is_at_a_rebuild_of_the_state_makes_it_anew(int stage)
    {
        system.OnPost = (key, _) => stage == 0 && key == Split ? Reply.Held : Reply.Ok;
        Settle();
        bench.Return(Split);
        if (stage >= 2)
        {
            system.OnPost = (key, _) => stage == 2 && key == $"{Split};r1" ? Reply.Held : Reply.Ok;
            Replay(Split);
        }

        system.HeldBack.Clear();
        system.OnPost = (_, _) => Reply.Ok;
        bench.Rebuild(Order());
        bench.Advance(AMinute);
        FoldCheck.Stores(bench);
        if (stage < 2)
        {
            Assert.Equal("returned: account closed", bench.DeadLetter(Split)!.Reason);
            Replay(Split);
        }

        bench.Return(Split);
        bench.Advance(AMinute);
        Assert.Empty(bench.DeadLetters());
        Assert.Equal(5, system.Effects.Count);
        Assert.Equal(5, system.Effects.Distinct().Count());
        Assert.Contains($"{Split};r1", system.Effects);
        Assert.Single(bench.Told(42), "SettlementCompleted");
        Assert.Single(system.Posts.Where(post => post.Key.StartsWith(Split, StringComparison.Ordinal)).Select(post => post.Body).Distinct());
    }

    [Fact]
    public void It_is_not_forgotten_while_it_waits_and_with_all_its_keys_when_it_is_over()
    {
        using var own = new TestBench(new() { System = system, Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(1), Retention = TimeSpan.FromHours(1) }, CommitEvery = 1 });
        own.Put(Order());
        own.Advance(UntilMark + AMinute);
        own.Return(Split);
        own.Advance(TimeSpan.FromHours(4));
        own.Replay(Split);
        own.Advance(AMinute);
        Assert.Contains($"{Split};r1", system.Effects);

        own.Advance(TimeSpan.FromHours(4));
        own.Return($"{Split};r1");
        Assert.Empty(own.DeadLetters());
        Assert.All(Enumerable.Range(0, own.Partitions), partition =>
        {
            using var states = own.Driver.Store("split-calls", partition).Scan("C"u8, "D"u8);
            Assert.False(states.MoveNext());
        });
    }
}
