using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Calls;

/// <summary>Decides a call. Pure: the same state and answer give the same decision, and an answer that nobody waits for gives none.</summary>
internal static class CallDecider
{
    /// <summary>Begins the reason of every dead letter that may have happened.</summary>
    internal const string UnknownPrefix = "unknown:";

    const string Interrupted = "the process ended while the call was under way";

    /// <summary>The whole machine, so that it can be printed, tested and argued about.</summary>
    internal static IReadOnlyDictionary<CallPhase, CallPhase[]> Next { get; } = new Dictionary<CallPhase, CallPhase[]>
    {
        [CallPhase.Waiting] = [CallPhase.Sent],
        [CallPhase.WaitingToAsk] = [CallPhase.Asking],
        [CallPhase.Sent] = [CallPhase.Waiting, CallPhase.WaitingToAsk, CallPhase.RetryAt, CallPhase.Confirmed, CallPhase.DeadLettered],
        [CallPhase.Asking] = [CallPhase.WaitingToAsk, CallPhase.AskAt, CallPhase.RetryAt, CallPhase.Confirmed, CallPhase.DeadLettered],
        [CallPhase.RetryAt] = [CallPhase.Sent],
        [CallPhase.AskAt] = [CallPhase.Asking],
        [CallPhase.Confirmed] = [],
        [CallPhase.DeadLettered] = [CallPhase.Waiting, CallPhase.WaitingToAsk, CallPhase.Discarded],
        [CallPhase.Discarded] = [],
    };

    /// <summary>The call's turn has come: marked as under way, to be committed before anything is sent.</summary>
    internal static CallState Launch(in CallState state) => state.Phase switch
    {
        CallPhase.Waiting or CallPhase.RetryAt => state with { Phase = CallPhase.Sent },
        CallPhase.WaitingToAsk or CallPhase.AskAt => state with { Phase = CallPhase.Asking },
        _ => state,
    };

    /// <summary>A call found under way at the start: its outcome is unknown, a POST counts as an attempt.</summary>
    internal static CallState Recover(in CallState state) => state.Phase switch
    {
        CallPhase.Sent => BecomeUnknown(state, Interrupted),
        CallPhase.Asking => state with { Phase = CallPhase.WaitingToAsk },
        _ => state,
    };

    /// <param name="jitter">From 0 (inclusive) to 1 (exclusive), drawn anew for each decision.</param>
    internal static Decision Decide(in CallState state, CallAnswer answer, UtcInstant now, DownstreamOptions options, double jitter) => state.Phase switch
    {
        CallPhase.Sent => AfterPost(state, answer, new(now, options, jitter)),
        CallPhase.Asking => AfterGet(state, answer, new(now, options, jitter)),
        _ => new(state),
    };

    /// <summary>A person sends a dead letter again: what may have happened is asked for first.</summary>
    internal static CallState Replay(in CallState state, long queueNo) => state with
    {
        Phase = state.MayHaveHappened ? CallPhase.WaitingToAsk : CallPhase.Waiting,
        QueueNo = queueNo,
        AttemptsBefore = state.Attempts,
        Asks = 0,
        BackOffs = 0,
    };

    static Decision AfterPost(in CallState state, CallAnswer answer, in Circumstances at) => answer switch
    {
        CallAnswer.Delivered delivered => Confirm(Attempted(state), delivered.Receipt),
        CallAnswer.Rejected rejected => GiveUp(Attempted(state), rejected.Reason),
        CallAnswer.RetryLater { IsAttempt: true } later => FailOrGiveUp(Attempted(state) with { Reason = Bounded(later.Reason) }, later.After, at),
        CallAnswer.RetryLater later => new(Wait(state, CallPhase.RetryAt, later.Reason, later.After, at)),
        CallAnswer.CredentialsRefused refused => new(Wait(state, CallPhase.RetryAt, refused.Reason, null, at)),
        CallAnswer.NeverSent never => new(Wait(state, CallPhase.RetryAt, never.Reason, null, at)),
        CallAnswer.SendAgain again => GoAgain(Attempted(state) with { Phase = CallPhase.Waiting, Singly = state.Singly || again.Singly, Reason = Bounded(again.Reason) }, at),
        CallAnswer.Unknown unknown => new(BecomeUnknown(state, unknown.Reason)),
        _ => new(state with { Phase = CallPhase.Waiting }),
    };

    static Decision AfterGet(in CallState state, CallAnswer answer, in Circumstances at) => answer switch
    {
        CallAnswer.Delivered found => Confirm(state, found.Receipt),
        CallAnswer.NotFound => ClearDoubt(FailOrGiveUp(state, null, at)),
        CallAnswer.RetryLater { IsAttempt: false } later => new(Wait(state, CallPhase.AskAt, state.Reason, later.After, at)),
        CallAnswer.CredentialsRefused or CallAnswer.NeverSent => new(Wait(state, CallPhase.AskAt, state.Reason, null, at)),
        CallAnswer.Withheld => new(state with { Phase = CallPhase.WaitingToAsk }),
        _ when state.Asks + 1 >= at.Options.MaxAttempts => FailOrGiveUp(state, null, at),
        _ => new(Wait(state with { Asks = state.Asks + 1 }, CallPhase.AskAt, state.Reason, (answer as CallAnswer.RetryLater)?.After, at)),
    };

    static CallState Attempted(in CallState state) => state with { Attempts = state.Attempts + 1 };

    static CallState BecomeUnknown(in CallState state, string reason) =>
        Attempted(state) with { Phase = CallPhase.WaitingToAsk, MayHaveHappened = true, Asks = 0, Reason = Bounded(reason) };

    static Decision Confirm(in CallState state, string receipt) =>
        new(state with { Phase = CallPhase.Confirmed }, DeliveryOutcome.Confirmed, receipt);

    static Decision FailOrGiveUp(in CallState state, TimeSpan? after, in Circumstances at) =>
        IsSpent(state, at)
            ? GiveUp(state, state.Reason)
            : Fail(Wait(state, CallPhase.RetryAt, state.Reason, after, at));

    // At once, without a wait: nothing is said of the call, but its POST was an attempt.
    static Decision GoAgain(in CallState state, in Circumstances at) => IsSpent(state, at) ? GiveUp(state, state.Reason) : Fail(state);

    static bool IsSpent(in CallState state, in Circumstances at) => state.Attempts - state.AttemptsBefore >= at.Options.MaxAttempts;

    // A system that lost the request may still be handed it late: what is given up on keeps its doubt.
    static Decision ClearDoubt(in Decision decision) =>
        decision.Outcome == DeliveryOutcome.DeadLettered ? decision : decision with { Next = decision.Next with { MayHaveHappened = false } };

    // An attempt from before a replay was told of as the dead letter's already.
    static Decision Fail(in CallState next) =>
        next.Attempts > next.AttemptsBefore ? new(next, DeliveryOutcome.Failed, next.Reason) : new(next);

    static Decision GiveUp(in CallState state, string reason)
    {
        var text = Bounded(state.MayHaveHappened && !reason.StartsWith(UnknownPrefix, StringComparison.Ordinal) ? $"{UnknownPrefix} {reason}" : reason);
        return new(state with { Phase = CallPhase.DeadLettered, Reason = text }, DeliveryOutcome.DeadLettered, text);
    }

    // What the system asks for is a least time: a part of the base is added so that not all come back at once.
    static CallState Wait(in CallState state, CallPhase phase, string reason, TimeSpan? after, in Circumstances at) => state with
    {
        Phase = phase,
        NextAt = at.Now + (after is { } asked ? asked + Calls.BackOffs.Delay(0, at.Options, at.Jitter) : Calls.BackOffs.Delay(state.BackOffs, at.Options, at.Jitter)),
        BackOffs = Math.Min(state.BackOffs + 1, Calls.BackOffs.MaxDoublings),
        Reason = Bounded(reason),
    };

    static string Bounded(string reason) => reason.Length <= CallState.MaxReasonLength ? reason : reason[..CallState.MaxReasonLength];

    readonly record struct Circumstances(UtcInstant Now, DownstreamOptions Options, double Jitter);
}
