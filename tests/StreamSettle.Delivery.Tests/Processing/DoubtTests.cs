using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>A call that may have happened is asked for before anybody gives it up: the service, or a person.</summary>
public class DoubtTests
{
    const string Key = "42:split:0";

    readonly DeliveryBench bench = new();

    [Theory]
    [InlineData(500, null)]
    [InlineData(502, null)]
    [InlineData(504, null)]
    [InlineData(408, null)]
    [InlineData(503, null)]
    public void What_a_system_did_and_answered_as_failed_is_found_before_it_is_given_up(int status, string? retryAfter)
    {
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Of(status, retryAfter: retryAfter, happens: true) : Reply.Of(500);
        bench.Send(42);
        bench.AdvanceSeconds(60);

        Assert.Equal([$"{Key} Failed 1", $"{Key} Failed 2", $"{Key} Confirmed 3"], bench.ResultNames);
        Assert.Equal([Key], bench.System.Gets);
        Assert.Empty(bench.DeadLetters);
    }

    [Fact]
    public void A_rejection_after_a_failure_that_was_done_is_found_out_too()
    {
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Of(503, retryAfter: "1", happens: true) : Reply.Of(410, "gone");
        bench.Send(42);
        bench.AdvanceSeconds(60);

        Assert.Equal([$"{Key} Confirmed 1"], bench.ResultNames);
    }

    [Fact]
    public void What_never_arrived_is_given_up_with_its_plain_reason()
    {
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Of(500) : Reply.Of(422, "no");
        bench.Send(42);
        bench.AdvanceSeconds(60);

        Assert.Equal("422: no", bench.DeadLetters[Key].Reason);
        Assert.Equal([Key], bench.System.Gets);
    }

    [Fact]
    public void What_cannot_be_learned_is_a_dead_letter_that_says_so_after_as_many_gets_as_attempts()
    {
        bench.System.OnPost = (_, _) => Reply.Of(504, "late", happens: true);
        bench.System.OnGet = (_, _) => Reply.Of(500);
        bench.Send(42);
        bench.AdvanceSeconds(120);

        Assert.Equal("unknown: 504: late", bench.DeadLetters[Key].Reason);
        Assert.Equal((3, 3), (bench.System.Posts.Count, bench.System.Gets.Count));
    }

    [Fact]
    public void A_restart_in_the_middle_of_asking_goes_on_asking()
    {
        bench.System.OnPost = (_, _) => Reply.Of(500, happens: true);
        bench.System.OnGet = (_, n) => n == 1 ? Reply.Held : null;
        bench.Send(42);
        bench.AdvanceSeconds(60);
        Assert.Equal([$"{Key} Failed 1", $"{Key} Failed 2"], bench.ResultNames);
        bench.Crash();
        bench.AdvanceSeconds(10);

        Assert.Equal([$"{Key} Failed 1", $"{Key} Failed 2", $"{Key} Confirmed 3"], bench.ResultNames);
        Assert.Equal(3, bench.System.Posts.Count);
    }

    [Fact]
    public void An_attempt_under_way_at_a_crash_is_asked_for_before_its_rejection_ends_it()
    {
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Held : Reply.Of(422);
        bench.System.OnGet = (_, n) => n == 1 ? Reply.Of(404) : null;
        bench.Send(42);
        bench.Crash();
        bench.System.Release();
        bench.AdvanceSeconds(10);

        // It was handed over after the GET that did not find it.
        Assert.Equal([$"{Key} Failed 1", $"{Key} Confirmed 2"], bench.ResultNames);
        Assert.Equal([Key, Key], bench.System.Gets);
    }

    [Fact]
    public void A_discard_of_what_did_happen_confirms_it_instead()
    {
        GiveUpInDoubt();
        bench.System.OnGet = (_, _) => null;
        bench.Discard(42);

        Assert.Equal($"{Key} Confirmed 3", bench.ResultNames[^1]);
        Assert.Equal(DeliveryOutcome.Confirmed, bench.Results[^1].Outcome);
        Assert.Empty(bench.DeadLetters);
        Assert.Equal((0, 0), (bench.Status.Calls.DeadLetters, bench.Status.Calls.Unknown));
    }

    [Fact]
    public void A_discard_of_what_never_arrived_discards_it_and_names_who_did()
    {
        GiveUpInDoubt();
        bench.System.OnGet = (_, _) => Reply.Of(404);
        bench.Discard(42, "q-9");

        var last = bench.Results[^1];
        Assert.Equal((DeliveryOutcome.Discarded, "ann", "q-9", "", DeliveryBench.Why), (last.Outcome, last.By, last.RequestId, last.Text, last.Note));
        Assert.Empty(bench.DeadLetters);
        bench.Replay(42);
        Assert.Equal(last, bench.Results[^1]);
    }

    [Fact]
    public void A_discard_of_what_cannot_be_learned_waits_for_as_many_gets_and_says_so()
    {
        GiveUpInDoubt();
        bench.System.OnGet = (_, _) => Reply.Refused;
        bench.Discard(42);
        bench.Discard(42, "q-2");
        bench.Replay(42, "q-3");
        var letter = Assert.Single(bench.DeadLetters).Value;
        Assert.Equal(("ann", "unknown: 500", DeliveryBench.Body(42)), (letter.DiscardedBy, letter.Reason, System.Text.Encoding.UTF8.GetString(letter.Payload)));
        Assert.Equal(1, bench.Status.Calls.DeadLetters);
        bench.AdvanceSeconds(60);

        var last = bench.Results[^1];
        Assert.Equal((DeliveryOutcome.Discarded, "ann", "q-1", "unknown: 500", DeliveryBench.Why), (last.Outcome, last.By, last.RequestId, last.Text, last.Note));
        Assert.Empty(bench.DeadLetters);
        Assert.Equal(0, bench.Status.Calls.DeadLetters);
    }

    [Fact]
    public void A_discard_holds_nothing_of_its_merchant_back_while_it_asks()
    {
        GiveUpInDoubt();
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.Discard(42);
        bench.Send(43);

        Assert.Contains("43:split:0 Confirmed 1", bench.ResultNames);
        Assert.Single(bench.DeadLetters);
    }

    [Fact]
    public void A_discard_survives_a_restart_in_its_middle()
    {
        GiveUpInDoubt();
        bench.System.OnGet = (_, n) => Reply.Held;
        bench.Discard(42);
        bench.Crash();
        Assert.Equal(1, bench.Status.Calls.DeadLetters);
        bench.System.OnGet = (_, _) => Reply.Of(404);
        bench.AdvanceSeconds(5);

        Assert.Equal((DeliveryOutcome.Discarded, "ann", "q-1"), (bench.Results[^1].Outcome, bench.Results[^1].By, bench.Results[^1].RequestId));
        Assert.Empty(bench.DeadLetters);
        bench.Crash();
        bench.AdvanceSeconds(5);
        Assert.Equal((0, 0), (bench.Status.Calls.DeadLetters, bench.Status.Calls.Unknown));
    }

    [Fact]
    public void A_replay_of_what_did_happen_confirms_it_without_another_post()
    {
        GiveUpInDoubt();
        bench.System.OnGet = (_, _) => null;
        bench.Replay(42);

        Assert.Equal([$"{Key} Replayed 3", $"{Key} Confirmed 3"], bench.ResultNames.TakeLast(2));
        Assert.Equal(3, bench.System.Posts.Count);
    }

    /// <summary>The doubt outlives a GET that did not find it: the request may have been on its way still.</summary>
    [Fact]
    public void A_discard_asks_again_after_a_get_that_did_not_find_it()
    {
        bench.System.OnPost = (_, _) => Reply.Of(500, happens: true);
        bench.System.OnGet = (_, n) => n == 1 ? Reply.Of(404) : null;
        bench.Send(42);
        bench.AdvanceSeconds(60);
        Assert.Equal("500", bench.DeadLetters[Key].Reason);
        bench.Discard(42);

        Assert.Equal($"{Key} Confirmed 3", bench.ResultNames[^1]);
    }

    void GiveUpInDoubt()
    {
        bench.System.OnPost = (_, _) => Reply.Of(500, happens: true);
        bench.System.OnGet = (_, _) => Reply.Of(500);
        bench.Send(42);
        bench.AdvanceSeconds(120);
        Assert.Equal("unknown: 500", bench.DeadLetters[Key].Reason);
    }
}
