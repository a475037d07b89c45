using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Calls;

public class CallDeciderTests
{
    static readonly MonotonicInstant Now = new(5_000_000);
    static readonly DownstreamOptions Options = new() { MaxAttempts = 3, RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(5) };
    static readonly CallState Sent = new() { Phase = CallPhase.Sent };
    static readonly CallState Asking = new() { Phase = CallPhase.Asking, Attempts = 1, MayHaveHappened = true, Reason = "lost" };

    static readonly CallAnswer[] Answers =
    [
        new CallAnswer.Delivered("r"), new CallAnswer.Rejected("x"), new CallAnswer.RetryLater("500", true), new CallAnswer.RetryLater("429", false),
        new CallAnswer.CredentialsRefused("401"), new CallAnswer.Unknown("lost"), new CallAnswer.NeverSent("refused"), new CallAnswer.SendAgain("413", false),
        new CallAnswer.RetryLater("503", false, null, false, true), new CallAnswer.SendAgain("501", true, true), CallAnswer.Withheld.Instance, CallAnswer.NotFound.Instance,
    ];

    [Fact]
    public void Every_step_that_is_decided_is_in_the_table()
    {
        foreach (var phase in Enum.GetValues<CallPhase>())
        {
            foreach (var attempts in new[] { 0, 1, 2, 3 })
            {
                foreach (var (answer, ending, doubt) in Answers.SelectMany(answer => Enum.GetValues<CallEnding>().SelectMany(ending => new[] { (answer, ending, false), (answer, ending, true) })))
                {
                    var state = new CallState { Phase = phase, Attempts = attempts, Asks = attempts, Ending = ending, MayHaveHappened = doubt };
                    var next = Decide(state, answer).Next.Phase;
                    Assert.True(next == phase || CallDecider.Next[phase].Contains(next), $"{phase} -> {next}");
                }
            }

            var launched = CallDecider.Launch(new() { Phase = phase }).Phase;
            Assert.True(launched == phase || CallDecider.Next[phase].Contains(launched), $"{phase} -> {launched}");
        }
    }

    [Fact]
    public void A_call_from_a_state_that_was_lost_is_asked_for_and_goes_at_once_where_it_is_not_known()
    {
        var asked = CallDecider.Launch(CallDecider.Doubt(new() { Phase = CallPhase.Waiting }, CallEnding.Send));
        Assert.Equal(CallPhase.Asking, asked.Phase);
        Assert.Equal(CallPhase.Confirmed, Decide(asked, new CallAnswer.Delivered("r")).Next.Phase);

        var sent = Decide(asked, CallAnswer.NotFound.Instance);
        Assert.Equal((CallPhase.Waiting, 0, null), (sent.Next.Phase, sent.Next.Attempts, sent.Outcome));
        var lost = Decide(CallDecider.Launch(sent.Next), new CallAnswer.Unknown("lost")).Next;
        Assert.Equal(CallPhase.Confirmed, Decide(CallDecider.Launch(lost), new CallAnswer.Delivered("r")).Next.Phase);
    }

    [Fact]
    public void A_call_that_its_system_knows_and_the_log_did_not_waits_for_a_person_who_takes_it()
    {
        var asked = CallDecider.Launch(CallDecider.Doubt(new() { Phase = CallPhase.Waiting }, CallEnding.SendOrHold));
        var held = Decide(asked, new CallAnswer.Delivered("r"));
        Assert.Equal((CallPhase.DeadLettered, DeliveryOutcome.DeadLettered), (held.Next.Phase, held.Outcome));
        Assert.StartsWith("held:", held.Text, StringComparison.Ordinal);

        var replayed = CallDecider.Launch(CallDecider.Replay(held.Next, 1));
        Assert.Equal(CallPhase.Asking, replayed.Phase);
        Assert.Equal(CallPhase.Confirmed, Decide(replayed, new CallAnswer.Delivered("r")).Next.Phase);
        Assert.Equal(CallPhase.Waiting, Decide(asked, CallAnswer.NotFound.Instance).Next.Phase);
    }

    [Theory]
    [InlineData(0, CallPhase.Waiting)]
    [InlineData(1, CallPhase.Waiting)]
    [InlineData(2, CallPhase.DeadLettered)]
    internal void A_refused_batch_is_an_attempt_and_bounded_as_such(int attempts, CallPhase next)
    {
        var decision = Decide(Sent with { Attempts = attempts }, new CallAnswer.SendAgain("batch 400", Singly: true));

        Assert.Equal((next, attempts + 1, "batch 400"), (decision.Next.Phase, decision.Next.Attempts, decision.Text));
    }

    [Theory]
    [InlineData(CallPhase.Confirmed)]
    [InlineData(CallPhase.DeadLettered)]
    [InlineData(CallPhase.Discarded)]
    [InlineData(CallPhase.Waiting)]
    [InlineData(CallPhase.RetryAt)]
    internal void An_answer_that_nobody_waits_for_changes_nothing(CallPhase phase)
    {
        var state = new CallState { Phase = phase, Attempts = 2 };

        foreach (var answer in Answers)
        {
            Assert.Equal(new Decision(state), Decide(state, answer));
        }
    }

    [Fact]
    public void A_confirmed_call_counts_its_last_attempt()
    {
        var decision = Decide(Sent with { Attempts = 1 }, new CallAnswer.Delivered("r-9"));

        Assert.Equal((CallPhase.Confirmed, 2, DeliveryOutcome.Confirmed, "r-9"), (decision.Next.Phase, decision.Next.Attempts, decision.Outcome!.Value, decision.Text));
    }

    [Fact]
    public void A_rejected_call_is_a_dead_letter_at_once()
    {
        var decision = Decide(Sent, new CallAnswer.Rejected("422: no"));

        Assert.Equal((CallPhase.DeadLettered, 1, DeliveryOutcome.DeadLettered, "422: no"), (decision.Next.Phase, decision.Next.Attempts, decision.Outcome!.Value, decision.Text));
    }

    [Fact]
    public void A_failed_attempt_is_told_once_and_repeated_until_the_bound()
    {
        var first = Decide(Sent, new CallAnswer.RetryLater("500", true));
        var last = Decide(Sent with { Attempts = 2 }, new CallAnswer.RetryLater("500", true));

        Assert.Equal((CallPhase.RetryAt, 1, DeliveryOutcome.Failed), (first.Next.Phase, first.Next.Attempts, first.Outcome!.Value));
        Assert.Equal((CallPhase.DeadLettered, 3, DeliveryOutcome.DeadLettered, "500"), (last.Next.Phase, last.Next.Attempts, last.Outcome!.Value, last.Text));
    }

    [Fact]
    public void What_is_no_attempt_is_neither_counted_nor_told_nor_bounded()
    {
        var notAttempts = new CallAnswer[] { new CallAnswer.RetryLater("429", false), new CallAnswer.CredentialsRefused("401"), new CallAnswer.NeverSent("refused") };

        foreach (var answer in notAttempts)
        {
            var decision = Decide(Sent with { Attempts = 2 }, answer);
            Assert.Equal((CallPhase.RetryAt, 2, null), (decision.Next.Phase, decision.Next.Attempts, decision.Outcome));
        }
    }

    [Fact]
    public void An_unknown_outcome_is_asked_for_even_after_the_last_attempt()
    {
        var decision = Decide(Sent with { Attempts = 2 }, new CallAnswer.Unknown("lost"));

        Assert.Equal((CallPhase.WaitingToAsk, 3, true, null), (decision.Next.Phase, decision.Next.Attempts, decision.Next.MayHaveHappened, decision.Outcome));
    }

    [Fact]
    public void What_never_arrived_is_resent_its_attempt_told_and_its_doubt_kept()
    {
        var decision = Decide(Asking, CallAnswer.NotFound.Instance);

        Assert.Equal((CallPhase.RetryAt, 1, true, DeliveryOutcome.Failed, "lost"), (decision.Next.Phase, decision.Next.Attempts, decision.Next.MayHaveHappened, decision.Outcome!.Value, decision.Text));
    }

    [Fact]
    public void A_get_that_fails_is_repeated_up_to_the_bound_and_then_the_call_is_resent()
    {
        var again = Decide(Asking, new CallAnswer.Unknown("garbage"));
        var resent = Decide(Asking with { Asks = 2 }, new CallAnswer.RetryLater("500", true));

        Assert.Equal((CallPhase.AskAt, 1, null), (again.Next.Phase, again.Next.Asks, again.Outcome));
        Assert.Equal((CallPhase.RetryAt, true, DeliveryOutcome.Failed), (resent.Next.Phase, resent.Next.MayHaveHappened, resent.Outcome!.Value));
    }

    [Fact]
    public void A_dead_letter_says_that_nobody_knows_only_where_no_get_could_tell()
    {
        Assert.Equal("lost", Decide(Asking with { Attempts = 3 }, CallAnswer.NotFound.Instance).Text);
        Assert.Equal("unknown: lost", Decide(Asking with { Attempts = 3, Asks = 2 }, new CallAnswer.Unknown("?")).Text);
    }

    [Fact]
    public void What_may_have_happened_is_asked_for_before_it_is_given_up()
    {
        CallAnswer[] last =
        [
            new CallAnswer.Rejected("422"), new CallAnswer.RetryLater("500", true, MayHaveHappened: true), new CallAnswer.SendAgain("batch 501", true, true),
            new CallAnswer.RetryLater("425", true), new CallAnswer.SendAgain("batch 413", false),
        ];
        foreach (var answer in last)
        {
            var decision = Decide(Sent with { Attempts = 2, MayHaveHappened = true, Asks = 2 }, answer);
            var found = Decide(CallDecider.Launch(decision.Next), new CallAnswer.Delivered("r-1"));
            var never = Decide(CallDecider.Launch(decision.Next), CallAnswer.NotFound.Instance);

            Assert.Equal((CallPhase.WaitingToAsk, 3, 0, null), (decision.Next.Phase, decision.Next.Attempts, decision.Next.Asks, decision.Outcome));
            Assert.Equal((CallPhase.Confirmed, DeliveryOutcome.Confirmed, "r-1"), (found.Next.Phase, found.Outcome!.Value, found.Text));
            Assert.Equal((CallPhase.DeadLettered, DeliveryOutcome.DeadLettered), (never.Next.Phase, never.Outcome!.Value));
            Assert.Equal(decision.Next.Reason, never.Text);
        }
    }

    [Theory]
    [InlineData(true, CallPhase.WaitingToAsk)]
    [InlineData(false, CallPhase.DeadLettered)]
    internal void A_rejection_ends_the_attempts_of_a_call_that_may_have_happened_too(bool mayHaveHappened, CallPhase next)
    {
        var decision = Decide(Sent with { Attempts = 1, MayHaveHappened = mayHaveHappened }, new CallAnswer.Rejected("422"));
        Assert.Equal(next, decision.Next.Phase);
        if (mayHaveHappened)
        {
            Assert.Equal("unknown: 422", Decide(CallDecider.Launch(decision.Next) with { Asks = 2 }, new CallAnswer.Unknown("?")).Text);
        }
    }

    [Fact]
    public void A_503_with_a_time_is_no_attempt_and_may_have_happened()
    {
        var next = Decide(Sent, new CallAnswer.RetryLater("503", false, TimeSpan.FromSeconds(1), MayHaveHappened: true)).Next;

        Assert.Equal((CallPhase.RetryAt, 0, true), (next.Phase, next.Attempts, next.MayHaveHappened));
    }

    [Fact]
    public void A_dead_letter_is_discarded_at_once_where_it_cannot_have_happened_and_asked_for_first_where_it_may()
    {
        var letter = new CallState { Phase = CallPhase.DeadLettered, Attempts = 3, Reason = "unknown: 500" };
        var sure = CallDecider.Discard(letter, 9, "ann", "q-1");
        var doubtful = CallDecider.Discard(letter with { MayHaveHappened = true }, 9, "ann", "q-1");
        var asking = CallDecider.Launch(doubtful);

        Assert.Equal((CallPhase.Discarded, CallPhase.WaitingToAsk, true), (sure.Phase, doubtful.Phase, doubtful.IsBeingDiscarded));
        Assert.Equal((DeliveryOutcome.Confirmed, "r-1"), Told(asking, new CallAnswer.Delivered("r-1")));
        Assert.Equal((DeliveryOutcome.Discarded, ""), Told(asking, CallAnswer.NotFound.Instance));
        Assert.Equal((DeliveryOutcome.Discarded, "unknown: 500"), Told(asking with { Asks = 2 }, new CallAnswer.Unknown("?")));
    }

    /// <summary>The system may be gone for good: a person must not wait for ever.</summary>
    [Fact]
    public void Every_get_that_fails_counts_where_a_person_discards()
    {
        CallAnswer[] failures = [new CallAnswer.NeverSent("refused"), new CallAnswer.CredentialsRefused("401"), new CallAnswer.RetryLater("429", false), new CallAnswer.Unknown("?")];
        foreach (var failure in failures)
        {
            var decision = Decide(Asking with { Ending = CallEnding.Discard }, failure);
            Assert.Equal((CallPhase.AskAt, 1), (decision.Next.Phase, decision.Next.Asks));
        }

        Assert.Equal(0, Decide(Asking, failures[0]).Next.Asks);
    }

    [Fact]
    public void A_call_under_way_when_the_process_ended_is_unknown_and_an_attempt()
    {
        var recovered = CallDecider.Recover(Sent);

        Assert.Equal((CallPhase.WaitingToAsk, 1, true), (recovered.Phase, recovered.Attempts, recovered.MayHaveHappened));
        Assert.Equal((CallPhase.WaitingToAsk, 1), (CallDecider.Recover(Asking).Phase, CallDecider.Recover(Asking).Attempts));
    }

    [Fact]
    public void A_replay_has_a_fresh_bound_and_numbers_its_attempts_on()
    {
        var replayed = CallDecider.Replay(new() { Phase = CallPhase.DeadLettered, Attempts = 3, Reason = "500" }, queueNo: 9);
        var failed = Decide(CallDecider.Launch(replayed), new CallAnswer.RetryLater("500", true));

        Assert.Equal((CallPhase.Waiting, 9L), (replayed.Phase, replayed.QueueNo));
        Assert.Equal((CallPhase.RetryAt, 4, DeliveryOutcome.Failed), (failed.Next.Phase, failed.Next.Attempts, failed.Outcome!.Value));
    }

    [Fact]
    public void A_replay_of_what_may_have_happened_asks_first_and_tells_no_attempt_twice()
    {
        var replayed = CallDecider.Replay(new() { Phase = CallPhase.DeadLettered, Attempts = 3, MayHaveHappened = true, Reason = "unknown: lost" }, queueNo: 9);
        var resent = Decide(CallDecider.Launch(replayed), CallAnswer.NotFound.Instance);

        Assert.Equal((CallPhase.WaitingToAsk, "lost"), (replayed.Phase, replayed.Reason));
        Assert.Equal((CallPhase.RetryAt, null), (resent.Next.Phase, resent.Outcome));
    }

    [Theory]
    [InlineData(0, 0.5, 0.5)]
    [InlineData(1, 0.5, 1)]
    [InlineData(2, 0.999, 3.996)]
    [InlineData(3, 1, 5)]
    [InlineData(1000, 1, 5)]
    public void Back_off_doubles_with_full_jitter_up_to_its_bound(int before, double jitter, double seconds) =>
        Assert.Equal(seconds, BackOffs.Delay(before, Options, jitter).TotalSeconds, 6);

    [Fact]
    public void A_time_that_the_system_asks_for_is_the_least()
    {
        var next = Decide(Sent, new CallAnswer.RetryLater("503", false, TimeSpan.FromSeconds(60))).Next;

        Assert.InRange(next.NextAt - Now, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
    }

    [Fact]
    public void A_time_that_is_over_asks_for_nothing_so_the_back_off_grows_on()
    {
        var state = Sent with { BackOffs = 2 };

        Assert.Equal(
            Decide(state, new CallAnswer.RetryLater("503", false)).Next.NextAt,
            Decide(state, new CallAnswer.RetryLater("503", false, TimeSpan.Zero)).Next.NextAt);
    }

    static (DeliveryOutcome Outcome, string Text) Told(CallState state, CallAnswer answer) => (Decide(state, answer).Outcome!.Value, Decide(state, answer).Text);

    static Decision Decide(CallState state, CallAnswer answer) => CallDecider.Decide(state, answer, Now, Options, 0.5);
}
