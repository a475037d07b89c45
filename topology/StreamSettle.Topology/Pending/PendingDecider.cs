namespace StreamSettle.Topology.Pending;

/// <summary>What is known of an order before its calculation, as far as a decision rests on it.</summary>
/// <param name="Refusal">The reason while refused; null otherwise.</param>
/// <param name="KeyChanged">The order came by a changed primary key and nobody has replayed it yet.</param>
/// <param name="InDoubt">A change that came after this one could not be read.</param>
public readonly record struct PendingOrder(PendingStage Stage, string? Refusal = null, bool KeyChanged = false, bool InDoubt = false);

/// <summary>A change of the source row that is news, reduced to what matters before the calculation.</summary>
/// <param name="Completed">The row exists and its status is COMPLETED.</param>
/// <param name="CancelReason">Why it is not completed: the status, <c>deleted</c> or <c>key_changed</c>; ignored when completed.</param>
/// <param name="HasCompletedAt">The row has a completed_at.</param>
/// <param name="SameTerms">Nothing that a settlement rests on differs from the last known row.</param>
/// <param name="MarkMoved">The mark differs from the scheduled one.</param>
/// <param name="Ours">Not completed before <c>Source:CompletedSince</c>.</param>
/// <param name="TooOld">The mark and the retention after it have passed already, or the order may be one that was forgotten.</param>
/// <param name="OnlyReadAgain">The table was read again, and what a settlement rests on stands in the row as it is known: nobody has changed it.</param>
public readonly record struct PendingChange(
    bool Completed, string CancelReason, bool HasCompletedAt, bool SameTerms, bool MarkMoved, bool Ours, bool TooOld, bool OnlyReadAgain = false);

/// <summary>What to do about a change.</summary>
public enum PendingAction : byte
{
    /// <summary>Remember the row and its position, say nothing.</summary>
    Nothing = 0,
    Schedule = 1,
    Reschedule = 2,
    Cancel = 3,
    Refuse = 4,

    /// <summary>It is none of ours.</summary>
    Ignore = 5,
}

/// <summary>The decision and its reason: of a cancellation or refusal, else empty.</summary>
public readonly record struct PendingDecision(PendingAction Action, string Reason = "")
{
    public static PendingDecision Nothing => new(PendingAction.Nothing);
}

/// <summary>The left column of "What the source may do, and what follows" (contract/events.md), for clock and settle alike. Pure.</summary>
public static class PendingDecider
{
    public static PendingDecision Decide(in PendingOrder order, in PendingChange change) => order.Stage switch
    {
        PendingStage.GivenUp or PendingStage.HandedOver or PendingStage.NotOurs => PendingDecision.Nothing,
        _ when !change.Completed => Cancel(order, change.CancelReason),
        _ => Complete(order, change),
    };

    static PendingDecision Cancel(in PendingOrder order, string reason) =>
        order.Stage is PendingStage.Scheduled or PendingStage.Refused ? new(PendingAction.Cancel, reason) : PendingDecision.Nothing;

    static PendingDecision Complete(in PendingOrder order, in PendingChange change)
    {
        // A reading of the table lifts a doubt, as any change that can be read does; else a refused order is tried anew when its row changes, and this is none.
        if (order.Stage == PendingStage.Refused && (order.Refusal == Refusals.ChangedKey || (change.OnlyReadAgain && order.Refusal != Refusals.UnreadableChange)))
        {
            return PendingDecision.Nothing;
        }

        var isKnown = order.Stage is PendingStage.Scheduled or PendingStage.Refused;
        if (!isKnown && !change.Ours)
        {
            return new(PendingAction.Ignore);
        }

        if (Refusal(order, change) is { } reason)
        {
            return new(PendingAction.Refuse, reason);
        }

        return order.Stage switch
        {
            PendingStage.Scheduled when change.SameTerms && !change.MarkMoved => PendingDecision.Nothing,
            PendingStage.Scheduled => new(PendingAction.Reschedule),
            PendingStage.Refused when Refusals.IsOfTheMark(order.Refusal!) => new(PendingAction.Reschedule),
            _ => new(PendingAction.Schedule),
        };
    }

    static string? Refusal(in PendingOrder order, in PendingChange change)
    {
        if (order.KeyChanged)
        {
            return Refusals.ChangedKey;
        }

        if (!change.HasCompletedAt)
        {
            return Refusals.NoCompletedAt;
        }

        // Only a scheduled order is surely not one that was settled, forgotten after its retention, and is seen again.
        if (order.Stage != PendingStage.Scheduled && change.TooOld)
        {
            return Refusals.TooOld;
        }

        return order.InDoubt ? Refusals.UnreadableChange : null;
    }
}
