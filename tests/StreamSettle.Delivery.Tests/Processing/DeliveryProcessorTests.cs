using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

public class DeliveryProcessorTests
{
    readonly DeliveryBench bench = new();

    [Fact]
    public void A_call_is_frozen_and_committed_before_its_first_attempt_and_confirmed_once()
    {
        bench.Send(42);

        Assert.Equal([("42:split:0", DeliveryBench.Body(42))], bench.System.Posts);
        var result = Assert.Single(bench.Results);
        Assert.Equal((DeliveryOutcome.Confirmed, DeliveryBench.Key(42), 7L, 1, "r-1"), (result.Outcome, result.Key, result.Merchant.Value, result.Attempt, result.Text));
    }

    [Fact]
    public void A_key_that_is_known_already_changes_nothing()
    {
        bench.System.OnPost = (_, _) => Reply.Held;
        bench.Send(42);
        bench.Send(42);
        bench.System.Release();
        bench.Run();
        bench.Send(42);

        Assert.Single(bench.System.Posts);
        Assert.Single(bench.Results);
    }

    [Fact]
    public void A_call_is_forgotten_when_its_order_is_unless_it_is_not_over()
    {
        bench.Send(42);
        bench.System.OnPost = (_, _) => Reply.Of(422, "no");
        bench.Send(43);
        bench.Forget(42);
        bench.Forget(43);
        bench.Forget(44);
        Assert.Equal(["43:split:0"], bench.KnownCalls);
        bench.Discard(43);
        bench.Forget(43);
        Assert.Empty(bench.KnownCalls);
        Assert.Equal(["42:split:0 Confirmed 1", "43:split:0 DeadLettered 1", "43:split:0 Discarded 1"], bench.ResultNames);
    }

    [Fact]
    public void A_failed_attempt_is_told_and_repeated_with_the_same_bytes_until_it_is_accepted()
    {
        bench.System.OnPost = (_, n) => n < 3 ? Reply.Of(500, happens: true) : Reply.Ok;
        bench.Send(42);
        bench.AdvanceSeconds(30);

        Assert.Equal(["42:split:0 Failed 1", "42:split:0 Failed 2", "42:split:0 Confirmed 3"], bench.ResultNames);
        Assert.Single(bench.System.Posts.Distinct());
        Assert.Equal(["42:split:0"], bench.System.Effects);
    }

    [Fact]
    public void Attempts_are_bounded_and_end_as_a_dead_letter_with_the_original_bytes()
    {
        bench.System.OnPost = (_, _) => Reply.Of(500, "broken");
        bench.Send(42);
        bench.AdvanceSeconds(60);

        Assert.Equal(["42:split:0 Failed 1", "42:split:0 Failed 2", "42:split:0 DeadLettered 3"], bench.ResultNames);
        var letter = bench.DeadLetters["42:split:0"];
        Assert.Equal(("split", 42L, 7L, "500: broken", 3), (letter.Stage, letter.OrderId, letter.MerchantId, letter.Reason, letter.Attempts));
        Assert.Equal(DeliveryBench.Body(42), System.Text.Encoding.UTF8.GetString(letter.Payload));
        Assert.Equal(1, bench.Status.Calls.DeadLetters);
    }

    [Theory]
    [InlineData(429, null)]
    [InlineData(429, "2")]
    [InlineData(503, "2")]
    public void What_is_no_attempt_never_ends_as_a_dead_letter(int status, string? retryAfter)
    {
        bench.System.OnPost = (_, n) => n <= 10 ? Reply.Of(status, retryAfter: retryAfter) : Reply.Ok;
        bench.Send(42);
        bench.AdvanceSeconds(120);

        Assert.Equal(["42:split:0 Confirmed 1"], bench.ResultNames);
    }

    [Fact]
    public void A_system_that_cannot_be_reached_costs_no_attempts()
    {
        bench.System.OnPost = (_, n) => n <= 10 ? Reply.Refused : Reply.Ok;
        bench.Send(42);
        bench.AdvanceSeconds(120);

        Assert.Equal(["42:split:0 Confirmed 1"], bench.ResultNames);
        Assert.Empty(bench.System.Gets);
    }

    [Fact]
    public void A_retry_survives_a_restart_and_keeps_its_time()
    {
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Of(503, retryAfter: "60") : Reply.Ok;
        bench.Send(42);
        bench.AdvanceSeconds(30);
        bench.Crash();
        bench.AdvanceSeconds(29);
        Assert.Single(bench.System.Posts);
        bench.AdvanceSeconds(3);

        Assert.Equal(["42:split:0 Confirmed 1"], bench.ResultNames);
    }

    [Fact]
    public void An_unknown_outcome_is_asked_for_and_found()
    {
        bench.System.OnPost = (_, _) => Reply.DoneButLost;
        bench.Send(42);

        Assert.Equal(["42:split:0"], bench.System.Gets);
        Assert.Equal(["42:split:0 Confirmed 1"], bench.ResultNames);
        Assert.Single(bench.System.Posts);
    }

    [Fact]
    public void An_unknown_outcome_that_never_arrived_is_resent_under_the_same_key()
    {
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Vanished : Reply.Ok;
        bench.Send(42);
        bench.AdvanceSeconds(5);

        Assert.Equal(["42:split:0 Failed 1", "42:split:0 Confirmed 2"], bench.ResultNames);
        Assert.Equal("no answer in time", bench.Results[0].Text);
        Assert.Single(bench.System.Posts.Distinct());
    }

    [Fact]
    public void Asking_is_bounded_too_and_then_the_call_is_resent()
    {
        bench.System.OnPost = (_, n) => n == 1 ? Reply.DoneButLost : Reply.Ok;
        bench.System.OnGet = (_, _) => Reply.Of(500);
        bench.Send(42);
        bench.AdvanceSeconds(60);

        Assert.Equal(3, bench.System.Gets.Count);
        Assert.Equal(["42:split:0 Failed 1", "42:split:0 Confirmed 2"], bench.ResultNames);
        Assert.Equal(["42:split:0"], bench.System.Effects);
    }

    [Fact]
    public void A_dead_letter_that_may_have_happened_says_so_and_is_asked_for_before_it_is_replayed()
    {
        bench.System.OnPost = (_, _) => Reply.Vanished;
        bench.System.OnGet = (_, _) => Reply.Of(500);
        bench.Send(42);
        bench.AdvanceSeconds(200);
        Assert.Equal("unknown: no answer in time", bench.DeadLetters["42:split:0"].Reason);

        var (posts, gets) = (bench.System.Posts.Count, bench.System.Gets.Count);
        bench.System.OnGet = (_, _) => null;
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.Replay(42);
        bench.AdvanceSeconds(5);

        Assert.Equal((posts + 1, gets + 1), (bench.System.Posts.Count, bench.System.Gets.Count));
        Assert.Equal(["42:split:0 Replayed 3", "42:split:0 Confirmed 4"], bench.ResultNames.TakeLast(2));
    }

    [Fact]
    public void A_replay_keeps_key_and_bytes_and_names_who_asked()
    {
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Of(422, "no such merchant") : Reply.Ok;
        bench.Send(42);
        Assert.Single(bench.DeadLetters);
        bench.Replay(42, "q-9");

        Assert.Equal(["42:split:0 DeadLettered 1", "42:split:0 Replayed 1", "42:split:0 Confirmed 2"], bench.ResultNames);
        Assert.Equal(("ann", "q-9"), (bench.Results[1].By, bench.Results[1].RequestId));
        Assert.Empty(bench.DeadLetters);
        Assert.Single(bench.System.Posts.Distinct());
        Assert.Equal(0, bench.Status.Calls.DeadLetters);
    }

    [Fact]
    public void A_discarded_dead_letter_is_never_sent_again()
    {
        bench.System.OnPost = (_, _) => Reply.Of(422);
        bench.Send(42);
        bench.Discard(42);
        bench.Replay(42);
        bench.Send(42);
        bench.Discard(42);

        Assert.Equal(["42:split:0 DeadLettered 1", "42:split:0 Discarded 1"], bench.ResultNames);
        Assert.Empty(bench.DeadLetters);
        Assert.Single(bench.System.Posts);
    }

    [Fact]
    public void Replay_and_discard_touch_nothing_but_dead_letters()
    {
        bench.System.OnPost = (_, _) => Reply.Held;
        bench.Send(42);
        bench.Replay(42);
        bench.Discard(42);
        bench.Discard(43);
        bench.System.Release();
        bench.Run();
        bench.Replay(42);

        Assert.Equal(["42:split:0 Confirmed 1"], bench.ResultNames);
    }

    [Fact]
    public void Refused_credentials_let_only_a_probe_through_until_one_succeeds()
    {
        bench.Send(1, merchant: 1);
        bench.System.OnPost = (_, _) => Reply.Of(401);
        for (var order = 2; order < 30; order++)
        {
            bench.Append(order, merchant: order);
        }

        bench.Run();
        Assert.IsType<ChannelHealth.CredentialsRefused>(bench.Status.Health, exactMatch: false);
        var before = bench.System.Requests;
        bench.AdvanceSeconds(60);

        // Base 1 s doubling up to 10 s: 1 + 2 + 4 + 8 + 10 + 10 + 10 + 10 s.
        Assert.InRange(bench.System.Requests - before, 6, 9);

        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.AdvanceSeconds(25);

        Assert.IsNotType<ChannelHealth.CredentialsRefused>(bench.Status.Health, exactMatch: false);
        Assert.Equal(29, bench.System.Effects.Count);
        Assert.All(bench.Results, result => Assert.Equal((DeliveryOutcome.Confirmed, 1), (result.Outcome, result.Attempt)));
    }

    [Theory]
    [InlineData(422)]
    [InlineData(409)]
    [InlineData(500)]
    [InlineData(429)]
    public void Any_other_answer_to_a_probe_says_that_our_credentials_are_taken(int status)
    {
        bench.System.OnPost = (_, _) => Reply.Of(401);
        for (var order = 1; order < 10; order++)
        {
            bench.Append(order, merchant: order);
        }

        // Probes at 1, 3, 7, 15 and 25 s.
        bench.AdvanceSeconds(20);
        Assert.IsType<ChannelHealth.CredentialsRefused>(bench.Status.Health, exactMatch: false);

        var posts = bench.System.Posts.Count;
        bench.System.OnPost = (_, _) => bench.System.Posts.Count == posts + 1 ? Reply.Of(status) : Reply.Ok;
        bench.AdvanceSeconds(6);
        Assert.IsNotType<ChannelHealth.CredentialsRefused>(bench.Status.Health, exactMatch: false);
    }

    [Fact]
    public void A_429_pauses_the_whole_system_for_as_long_as_it_says()
    {
        bench.System.OnPost = (key, n) => key == "1:split:0" && n == 1 ? Reply.Of(429, retryAfter: "30") : Reply.Ok;
        bench.Send(1, merchant: 1);
        bench.Send(2, merchant: 2);
        bench.AdvanceSeconds(29);
        Assert.Single(bench.System.Posts);
        Assert.Equal(DeliveryBench.Start + TimeSpan.FromSeconds(30), bench.Status.WaitsUntil);
        bench.AdvanceSeconds(3);

        Assert.Equal(2, bench.System.Effects.Count);
    }

    [Fact]
    public void Before_the_first_answer_one_call_is_under_way_at_most()
    {
        bench.System.OnPost = (_, _) => Reply.Held;
        for (var order = 1; order < 10; order++)
        {
            bench.Append(order, merchant: order);
        }

        bench.Run();
        Assert.Single(bench.System.HeldBack);
        bench.System.Release();
        bench.Run();

        Assert.Equal(8, bench.System.HeldBack.Count);
    }

    [Fact]
    public void Never_more_requests_are_under_way_than_the_limit_allows()
    {
        var limited = new DeliveryBench(new() { Concurrency = 3, BaseUrl = "http://split" });
        limited.Send(1, merchant: 1);
        limited.System.OnPost = (_, _) => Reply.Held;
        for (var order = 2; order < 20; order++)
        {
            limited.Append(order, merchant: order);
        }

        limited.Run();
        while (limited.System.Effects.Count < 19)
        {
            Assert.InRange(limited.System.HeldBack.Count, 1, 3);
            limited.System.Release();
            limited.Run();
        }
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_under_way_and_starts_nothing_more()
    {
        bench.System.OnPost = (_, _) => Reply.Held;
        bench.Send(1, merchant: 1);
        bench.Append(2, merchant: 2);
        var stop = bench.Channel.StopAsync();
        bench.Run();
        Assert.False(stop.IsCompleted);
        bench.System.Release();
        bench.Run();

        Assert.True(await stop);
        Assert.Single(bench.System.Posts);
        bench.Crash();
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.AdvanceSeconds(1);
        Assert.Equal(["1:split:0", "2:split:0"], bench.System.Effects);
    }

    [Fact]
    public void The_status_says_where_calls_stand()
    {
        bench.System.OnPost = (key, _) => key == "2:split:0" ? Reply.Held : Reply.Of(503, retryAfter: "60");
        bench.Send(1, merchant: 1);
        bench.Send(2, merchant: 2);
        bench.Send(3, merchant: 2);

        var status = bench.Status.Calls;
        Assert.Equal((1, 1, 1, 0, "503"), (status.InFlight, status.Waiting, status.Retrying, status.Unknown, bench.Status.LastError?.Text));
    }

    [Fact]
    public void Without_an_order_a_waiting_call_holds_nothing_back()
    {
        var unordered = new DeliveryBench(new() { Ordered = false, BaseUrl = "http://split" });
        unordered.System.OnPost = (key, _) => key == "1:split:0" ? Reply.Of(503, retryAfter: "60") : Reply.Ok;
        unordered.Send(1);
        unordered.Send(2);
        unordered.Send(3);

        Assert.Equal(["2:split:0", "3:split:0"], unordered.System.Effects);
    }
}
