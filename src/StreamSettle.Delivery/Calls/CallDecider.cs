using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Calls;

/// <summary>Decides a call. Pure: the same state and answer give the same decision, and an answer that nobody waits for gives none.</summary>
internal static class CallDecider
{
    /// <summary>Begins the reason of every dead letter, and of every discard, of which nobody could say whether it had happened.</summary>
    internal const string UnknownPrefix = "unknown:";

    /// <summary>Begins the reason of a call that the system knows and the event log did not, when the state was rebuilt.</summary>
    internal const string HeldPrefix = "held:";

    const string KnownElsewhere =
        $"{HeldPrefix} the system has this call already, but the event log knew nothing of it when the state was rebuilt: compare both, then replay it, which takes what the system has";

    const string Interrupted = "the process ended while the call was under way";

    /// <summary>The whole machine, so that it can be printed, tested and argued about.</summary>
    internal static IReadOnlyDictionary<CallPhase, CallPhase[]> Next { get; } = new Dictionary<CallPhase, CallPhase[]>
    {
        [CallPhase.Waiting] = [CallPhase.Sent],
        [CallPhase.WaitingToAsk] = [CallPhase.Asking],
        [CallPhase.Sent] = [CallPhase.Waiting, CallPhase.WaitingToAsk, CallPhase.RetryAt, CallPhase.Confirmed, CallPhase.InvoiceDue, CallPhase.DeadLettered],
        [CallPhase.Asking] =
        [
            CallPhase.Waiting, CallPhase.WaitingToAsk, CallPhase.AskAt, CallPhase.RetryAt, CallPhase.Confirmed, CallPhase.InvoiceDue, CallPhase.DeadLettered, CallPhase.Discarded,
        ],
        [CallPhase.RetryAt] = [CallPhase.Sent],
        [CallPhase.AskAt] = [CallPhase.Asking],
        [CallPhase.Confirmed] = [],
        [CallPhase.DeadLettered] = [CallPhase.Waiting, CallPhase.WaitingToAsk, CallPhase.Discarded],
        [CallPhase.Discarded] = [],
        [CallPhase.InvoiceDue] = [CallPhase.InvoiceSent],
        [CallPhase.InvoiceSent] = [CallPhase.InvoiceDue, CallPhase.InvoiceAt, CallPhase.Confirmed],
        [CallPhase.InvoiceAt] = [CallPhase.InvoiceSent],
    };

    /// <summary>Decides what the call's bytes are, for all its attempts (I4): an invoice is in them, or left out. A reversal's that is left out is not sent later (contract).</summary>
    internal static CallState Freeze(in CallState state, bool leavesOutInvoice, bool isReversal) => state.Invoice != InvoiceFate.Undecided ? state
        : !leavesOutInvoice ? state with { Invoice = InvoiceFate.InBody, InvoiceAt = 0 }
        : state with { Invoice = isReversal ? InvoiceFate.LeftOut : InvoiceFate.Owed };

    /// <summary>A call whose effect was undone goes with the bytes that it went with then (contract).</summary>
    internal static CallState AsBefore(in CallState state, in CallState undone) =>
        state.Invoice == InvoiceFate.Undecided && undone.LeavesOutInvoice ? state with { Invoice = undone.Invoice } : Freeze(state, leavesOutInvoice: false, isReversal: false);

    /// <summary>The call's turn has come: marked as under way, to be committed before anything is sent.</summary>
    internal static CallState Launch(in CallState state) => state.Phase switch
    {
        CallPhase.Waiting or CallPhase.RetryAt => state with { Phase = CallPhase.Sent },
        CallPhase.WaitingToAsk or CallPhase.AskAt => state with { Phase = CallPhase.Asking },
        CallPhase.InvoiceDue or CallPhase.InvoiceAt => state with { Phase = CallPhase.InvoiceSent },
        _ => state,
    };

    /// <summary>A call found under way at the start: its outcome is unknown, a POST counts as an attempt.</summary>
    internal static CallState Recover(in CallState state) => state.Phase switch
    {
        CallPhase.Sent => BecomeUnknown(state, Interrupted),
        CallPhase.Asking => state with { Phase = CallPhase.WaitingToAsk },
        CallPhase.InvoiceSent => state with { Phase = CallPhase.InvoiceDue },
        _ => state,
    };

    /// <param name="jitter">From 0 (inclusive) to 1 (exclusive), drawn anew for each decision.</param>
    internal static Decision Decide(in CallState state, CallAnswer answer, MonotonicInstant now, DownstreamOptions options, double jitter) => state.Phase switch
    {
        CallPhase.Sent => AfterPost(state, answer, new(now, options, jitter)),
        CallPhase.Asking => AfterGet(state, answer, new(now, options, jitter)),
        CallPhase.InvoiceSent => AfterPatch(state, answer, new(now, options, jitter)),
        _ => new(state),
    };

    /// <summary>A call that may have been sent from a state that was lost.</summary>
    internal static CallState Doubt(in CallState state, CallEnding ending) => state with { Phase = CallPhase.WaitingToAsk, MayHaveHappened = true, Ending = ending };

    /// <summary>A person sends a dead letter again: what may have happened is asked for first.</summary>
    internal static CallState Replay(in CallState state, long queueNo) => Free(state, queueNo) with
    {
        Phase = state.MayHaveHappened ? CallPhase.WaitingToAsk : CallPhase.Waiting,
    };

    /// <summary>A person gives a dead letter up: what may have happened is asked for first, and only what is not found is discarded.</summary>
    /// <param name="by">Who, for what is told when that is known.</param>
    internal static CallState Discard(in CallState state, long queueNo, string? by, string? requestId, string? note = null) => state.MayHaveHappened
        ? Free(state, queueNo) with { Phase = CallPhase.WaitingToAsk, Ending = CallEnding.Discard, DiscardedBy = by, RequestId = requestId, Note = note }
        : state with { Phase = CallPhase.Discarded };

    static CallState Free(in CallState state, long queueNo) => state with
    {
        QueueNo = queueNo,
        AttemptsBefore = state.Attempts,
        Asks = 0,
        BackOffs = 0,
        Ending = CallEnding.Resend,
        Reason = state.Reason.StartsWith(UnknownPrefix, StringComparison.Ordinal) ? state.Reason[UnknownPrefix.Length..].TrimStart() : state.Reason,
    };

    static Decision AfterPost(in CallState state, CallAnswer answer, in Circumstances at) => answer switch
    {
        CallAnswer.Delivered delivered => Confirm(Attempted(state), delivered.Receipt),
        CallAnswer.Rejected rejected => GiveUp(Attempted(state) with { Reason = Bounded(rejected.Reason) }),
        CallAnswer.RetryLater { IsAttempt: true } later => FailOrGiveUp(Attempted(Doubted(state, later.MayHaveHappened)) with { Reason = Bounded(later.Reason) }, later.After, at),
        CallAnswer.RetryLater later => new(Wait(Doubted(state, later.MayHaveHappened), CallPhase.RetryAt, later.Reason, later.After, at)),
        CallAnswer.CredentialsRefused refused => new(Wait(state, CallPhase.RetryAt, refused.Reason, null, at)),
        CallAnswer.NeverSent never => new(Wait(state, CallPhase.RetryAt, never.Reason, null, at)),
        CallAnswer.SendAgain again => GoAgain(
            Attempted(Doubted(state, again.MayHaveHappened)) with { Phase = CallPhase.Waiting, Singly = state.Singly || again.Singly, Reason = Bounded(again.Reason) }, at),
        CallAnswer.Unknown unknown => new(BecomeUnknown(state, unknown.Reason)),

        // Not reached in its batch, or withheld on this side: no attempt, next in line again.
        _ => new(state with { Phase = CallPhase.Waiting }),
    };

    static Decision AfterGet(in CallState state, CallAnswer answer, in Circumstances at) => answer switch
    {
        CallAnswer.Delivered when state.Ending == CallEnding.SendOrHold => End(state with { Ending = CallEnding.Resend }, CallPhase.DeadLettered, DeliveryOutcome.DeadLettered, KnownElsewhere),
        CallAnswer.Delivered found => Confirm(state, found.Receipt),
        CallAnswer.NotFound => Unfound(state, isLearned: true, at),
        CallAnswer.Withheld => new(state with { Phase = CallPhase.WaitingToAsk }),
        _ when IsNoAnswerToAGet(answer) && state.Ending != CallEnding.Discard => new(Wait(state, CallPhase.AskAt, state.Reason, (answer as CallAnswer.RetryLater)?.After, at)),
        _ when state.Asks + 1 >= at.Options.MaxAttempts => Unfound(state, isLearned: false, at),
        _ => new(Wait(state with { Asks = state.Asks + 1 }, CallPhase.AskAt, state.Reason, (answer as CallAnswer.RetryLater)?.After, at)),
    };

    /// <summary>It is repeatable, so that nothing is asked for. What it comes to changes nothing of the call: without an outcome the invoice was given up.</summary>
    static Decision AfterPatch(in CallState state, CallAnswer answer, in Circumstances at) => answer switch
    {
        CallAnswer.Delivered => new(state with { Phase = CallPhase.Confirmed }, DeliveryOutcome.InvoiceDelivered),
        CallAnswer.Rejected rejected => new(state with { Phase = CallPhase.Confirmed }, Text: Bounded(rejected.Reason)),
        CallAnswer.RetryLater { IsAttempt: true } later => Repeat(state, later.Reason, later.After, at),
        CallAnswer.RetryLater later => new(Wait(state, CallPhase.InvoiceAt, later.Reason, later.After, at)),
        CallAnswer.CredentialsRefused refused => new(Wait(state, CallPhase.InvoiceAt, refused.Reason, null, at)),
        CallAnswer.NeverSent never => new(Wait(state, CallPhase.InvoiceAt, never.Reason, null, at)),
        CallAnswer.Unknown unknown => Repeat(state, unknown.Reason, null, at),
        _ => new(state with { Phase = CallPhase.InvoiceDue }),
    };

    static Decision Repeat(in CallState state, string reason, TimeSpan? after, in Circumstances at) => state.Asks + 1 >= at.Options.MaxAttempts
        ? new(state with { Phase = CallPhase.Confirmed }, Text: Bounded(reason))
        : new(Wait(state with { Asks = state.Asks + 1 }, CallPhase.InvoiceAt, reason, after, at));

    // Waited for as long as it takes, as a POST would; but a person who discards is waiting, and the system may be gone for good.
    static bool IsNoAnswerToAGet(CallAnswer answer) => answer is CallAnswer.RetryLater { IsAttempt: false } or CallAnswer.CredentialsRefused or CallAnswer.NeverSent;

    static CallState Attempted(in CallState state) => state with { Attempts = state.Attempts + 1 };

    // A doubt stays for good: a system that says it never heard of a request may still be handed it late.
    static CallState Doubted(in CallState state, bool mayHaveHappened) => state with { MayHaveHappened = state.MayHaveHappened || mayHaveHappened };

    static CallState BecomeUnknown(in CallState state, string reason) =>
        Attempted(state) with { Phase = CallPhase.WaitingToAsk, MayHaveHappened = true, Asks = 0, Reason = Bounded(reason) };

    static Decision Confirm(in CallState state, string receipt) => new(
        state.Invoice == InvoiceFate.Owed
            ? state with { Phase = CallPhase.InvoiceDue, Ending = CallEnding.Resend, Asks = 0, BackOffs = 0, Reason = "", DiscardedBy = null, RequestId = null, Note = null }
            : state with { Phase = CallPhase.Confirmed },
        DeliveryOutcome.Confirmed, receipt);

    static Decision FailOrGiveUp(in CallState state, TimeSpan? after, in Circumstances at) =>
        IsSpent(state, at) ? GiveUp(state) : Fail(Wait(state, CallPhase.RetryAt, state.Reason, after, at));

    // At once, without a wait: nothing is said of the call, but its POST was an attempt.
    static Decision GoAgain(in CallState state, in Circumstances at) => IsSpent(state, at) ? GiveUp(state) : Fail(state);

    static bool IsSpent(in CallState state, in Circumstances at) => state.Attempts - state.AttemptsBefore >= at.Options.MaxAttempts;

    // An attempt from before a replay was told of as the dead letter's already.
    static Decision Fail(in CallState next) =>
        next.Attempts > next.AttemptsBefore ? new(next, DeliveryOutcome.Failed, next.Reason) : new(next);

    /// <summary>Not before it was asked for, where it may have happened.</summary>
    static Decision GiveUp(in CallState state) => state.MayHaveHappened
        ? new(state with { Phase = CallPhase.WaitingToAsk, Asks = 0, Ending = CallEnding.DeadLetter })
        : End(state, CallPhase.DeadLettered, DeliveryOutcome.DeadLettered, state.Reason);

    /// <summary>The GETs are over and did not find it.</summary>
    /// <param name="isLearned">One said that it never arrived; else none said anything.</param>
    static Decision Unfound(in CallState state, bool isLearned, in Circumstances at)
    {
        var doubt = isLearned ? "" : $"{UnknownPrefix} ";
        return state.Ending is CallEnding.Send or CallEnding.SendOrHold ? new(state with { Phase = CallPhase.Waiting, Ending = CallEnding.Resend, Asks = 0, BackOffs = 0 })
            : state.Ending == CallEnding.Discard ? End(state, CallPhase.Discarded, DeliveryOutcome.Discarded, isLearned ? "" : doubt + state.Reason)
            : state.Ending == CallEnding.DeadLetter || IsSpent(state, at) ? End(state, CallPhase.DeadLettered, DeliveryOutcome.DeadLettered, doubt + state.Reason)
            : Fail(Wait(state, CallPhase.RetryAt, state.Reason, null, at));
    }

    static Decision End(in CallState state, CallPhase phase, DeliveryOutcome outcome, string reason)
    {
        var text = Bounded(reason);
        return new(state with { Phase = phase, Reason = text }, outcome, text);
    }

    // What the system asks for is a least time: a part of the base is added so that not all come back at once. No time at all, or one that is over, asks for nothing.
    static CallState Wait(in CallState state, CallPhase phase, string reason, TimeSpan? after, in Circumstances at) => state with
    {
        Phase = phase,
        NextAt = at.Now + (after is { } asked && asked > TimeSpan.Zero ? asked + Calls.BackOffs.Delay(0, at.Options, at.Jitter) : Calls.BackOffs.Delay(state.BackOffs, at.Options, at.Jitter)),
        BackOffs = Math.Min(state.BackOffs + 1, Calls.BackOffs.MaxDoublings),
        Reason = Bounded(reason),
    };

    static string Bounded(string reason) => reason.Length <= CallState.MaxReasonLength ? reason : reason[..CallState.MaxReasonLength];

    readonly record struct Circumstances(MonotonicInstant Now, DownstreamOptions Options, double Jitter);
}
