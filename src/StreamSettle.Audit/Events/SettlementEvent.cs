using System.Text.Json.Serialization;

namespace StreamSettle.Audit.Events;

/// <summary>The closed family of facts about an order, as the event log keeps them: PascalCase JSON, members fixed by contract. One file, read as one sentence.</summary>
/// <param name="Cause">Unique within the stream and the kind of event: source position, <c>&lt;key&gt;#&lt;attempt&gt;</c>, or <c>&lt;who&gt;@&lt;request id&gt;</c>.</param>
/// <param name="RecordedAt">Wall clock when the fact was established; ISO 8601 UTC with <c>Z</c>.</param>
public abstract record SettlementEvent(string Cause, string RecordedAt);

public sealed record SettlementScheduled(string Cause, string RecordedAt, long MerchantId, string CompletedAt, string DueAt) : SettlementEvent(Cause, RecordedAt);

public sealed record SettlementRescheduled(string Cause, string RecordedAt, long MerchantId, string CompletedAt, string DueAt) : SettlementEvent(Cause, RecordedAt);

public sealed record SettlementCancelled(string Cause, string RecordedAt, string Reason) : SettlementEvent(Cause, RecordedAt);

public sealed record SettlementHeld(string Cause, string RecordedAt, string Scope, string Reason, string By) : SettlementEvent(Cause, RecordedAt);

public sealed record SettlementReleased(string Cause, string RecordedAt, string Scope, string Reason, string By) : SettlementEvent(Cause, RecordedAt);

public sealed record SettlementDue(string Cause, string RecordedAt, string DueAt) : SettlementEvent(Cause, RecordedAt);

/// <param name="CompletedAt">Of the row that was settled.</param>
/// <param name="DueAt">The mark that it was settled by.</param>
/// <param name="Basis">What it rests on beside the amounts; left out by releases that did not record it.</param>
/// <param name="InvoiceDigest">Tells whether an invoice is the one that calls were made with, <c>none</c> without one; left out by releases that did not record it.</param>
/// <param name="Payout">How the split is paid out; left out where nothing delays it.</param>
public sealed record SettlementCalculated(
    string Cause, string RecordedAt, long MerchantId, string Currency, long Gross, long Refunded, long Net, string RuleVersion, bool Priority, long ExportRefund,
    IReadOnlyList<ExplainedLine> Lines, string CompletedAt, string DueAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SettlementBasis? Basis = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? InvoiceDigest = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PayoutTerms? Payout = null) : SettlementEvent(Cause, RecordedAt);

/// <param name="InvoiceLeftOut">True where the call went without its invoice; of a settlement's an <see cref="InvoiceDelivered"/> follows. Left out where it had it, or has none, and by releases that did not record it.</param>
public sealed record DeliveryConfirmed(
    string Cause, string RecordedAt, string Key, string Leg, int N, int Attempt, string Receipt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? InvoiceLeftOut = null) : SettlementEvent(Cause, RecordedAt);

/// <param name="InvoiceLeftOut">See <see cref="DeliveryConfirmed"/>: all attempts of a key have the same bytes.</param>
public sealed record DeliveryFailed(
    string Cause, string RecordedAt, string Key, string Leg, int N, int Attempt, string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? InvoiceLeftOut = null) : SettlementEvent(Cause, RecordedAt);

/// <param name="RefundedAmount">Of a refused refund: <c>refunded_amount</c> as the source has it, which need not be a whole number of minor units; else left out.</param>
/// <param name="DueAt">Of a refused refund: when it was committed in the source, which is its reversal's mark if it is not refused again; else left out.</param>
/// <param name="InvoiceLeftOut">See <see cref="DeliveryConfirmed"/>.</param>
public sealed record DeliveryDeadLettered(
    string Cause, string RecordedAt, string Key, string Leg, int N, int Attempt, string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefundedAmount = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DueAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? InvoiceLeftOut = null) : SettlementEvent(Cause, RecordedAt);

/// <param name="By">Who, or <see cref="BySource"/>.</param>
/// <param name="Note">Why, in the words of whoever asked for it; left out where there were none.</param>
/// <param name="SentAs">The key under which it goes again, of a call whose effect its system had undone; left out where it keeps its own.</param>
public sealed record DeliveryReplayed(
    string Cause, string RecordedAt, string Key, string Leg, int N, int Attempt, string By,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SentAs = null) : SettlementEvent(Cause, RecordedAt)
{
    /// <summary>No person: the row has changed, and with it what was refused does not ask for anything any more.</summary>
    public const string BySource = "source";
}

/// <param name="Reason">Starts with <c>unknown:</c> where nobody could say whether the call had happened; null where it had not.</param>
/// <param name="Note">Why, in the words of whoever gave it up; left out where there were none.</param>
public sealed record DeliveryDiscarded(
    string Cause, string RecordedAt, string Key, string Leg, int N, int Attempt, string By,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null) : SettlementEvent(Cause, RecordedAt);

/// <summary>
/// The system has told by a callback that it has undone the effect of a call (contract/downstreams.md): once per key, as soon as it is told, which may be before the call is
/// known to be confirmed. When it is, a <see cref="DeliveryDeadLettered"/> follows whose reason starts with <c>returned:</c>.
/// </summary>
/// <param name="Reason">As the system says it.</param>
/// <param name="ReturnedAt">When, as the system says it.</param>
public sealed record DeliveryReturned(string Cause, string RecordedAt, string Key, string Leg, int N, string Reason, string ReturnedAt) : SettlementEvent(Cause, RecordedAt);

public sealed record InvoiceDelivered(string Cause, string RecordedAt, string Key) : SettlementEvent(Cause, RecordedAt);

public sealed record SettlementCompleted(string Cause, string RecordedAt, IReadOnlyList<string> Discarded) : SettlementEvent(Cause, RecordedAt);

/// <param name="DueAt">When the refund was committed in the source: the reversal's mark.</param>
public sealed record ReversalRequested(string Cause, string RecordedAt, int N, long Refunded, string DueAt) : SettlementEvent(Cause, RecordedAt);

public sealed record ReversalCalculated(string Cause, string RecordedAt, int N, IReadOnlyList<ReversalLine> Lines) : SettlementEvent(Cause, RecordedAt);

public sealed record ReversalCompleted(string Cause, string RecordedAt, int N) : SettlementEvent(Cause, RecordedAt);

/// <summary>A party's share in minor units, and why it is what it is.</summary>
/// <param name="Level">A promoter's place in the chain, 1 for the order's own; left out for the others.</param>
public sealed record ExplainedLine(
    string Party, long Amount, string Explanation, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Level = 0);

/// <summary>What is taken back from a party, positive minor units.</summary>
public sealed record ReversalLine(string Party, long Amount);

/// <summary>The split could go, and its payout terms keep it back; told again when what it waits for changes.</summary>
/// <param name="Key">Of the call that waits.</param>
/// <param name="Amount">The merchant's share of it, minor units.</param>
/// <param name="Reason">What it waits for, in words.</param>
/// <param name="PayableAt">From when on it may go; left out where it waits for others, or nobody can say.</param>
/// <param name="Minimum">What the merchant's shares that wait must come to, minor units; left out where it does not wait for that.</param>
/// <param name="LatestAt">When it waits no longer for the minimum; left out where it does however long.</param>
public sealed record PayoutDeferred(
    string Cause, string RecordedAt, string Key, long Amount, string Currency, string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PayableAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Minimum = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LatestAt = null) : SettlementEvent(Cause, RecordedAt);

/// <summary>A split that was kept back is given to delivery.</summary>
/// <param name="Reason">Why now, in words.</param>
public sealed record PayoutReleased(string Cause, string RecordedAt, string Key, string Reason) : SettlementEvent(Cause, RecordedAt);
