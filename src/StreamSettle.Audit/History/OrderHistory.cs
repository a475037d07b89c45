using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.History;

/// <summary>An order's whole story, folded from its event stream: what <c>streamsettle order ID</c> shows.</summary>
public sealed record OrderHistory
{
    public required OrderId Order { get; init; }

    /// <summary>Where it stands: <c>unknown</c>, <c>scheduled</c>, <c>due</c>, <c>cancelled: reason</c>, <c>refused: reason</c>, <c>in delivery</c>, <c>in delivery, payout waits</c>, <c>completed</c>; <c>, returned</c> is appended while a call that its system undid waits for a person, <c>, held</c> while something holds it.</summary>
    public required string State { get; init; }

    public long? MerchantId { get; init; }

    public string? CompletedAt { get; init; }

    public string? DueAt { get; init; }

    /// <summary>The division of the money; null before it.</summary>
    public SettlementCalculated? Calculation { get; init; }

    /// <summary>Every call that was heard of, in the order of the first word about it.</summary>
    public required IReadOnlyList<DeliveryHistory> Deliveries { get; init; }

    /// <summary>By number.</summary>
    public required IReadOnlyList<ReversalHistory> Reversals { get; init; }

    /// <summary>Every event, by version.</summary>
    public required IReadOnlyList<TimelineEntry> Timeline { get; init; }

    /// <param name="stream">The order's events by version, as <see cref="IEventLog.ReadStreamAsync"/> returns them; empty gives the state <c>unknown</c>.</param>
    /// <exception cref="Kernel.Failures.CorruptStateException">A body is no event of its type.</exception>
    public static OrderHistory From(OrderId order, IReadOnlyList<StoredEvent> stream)
    {
        var fold = new HistoryFold();
        foreach (var stored in stream)
        {
            fold.Add(stored);
        }

        return fold.Result(order);
    }
}

/// <summary>One call to a downstream system.</summary>
/// <param name="Key">Its idempotency key.</param>
/// <param name="Leg">The leg's name as in keys; <c>calculation</c> for a refused order or refund.</param>
/// <param name="N">0 for the settlement, 1 and up for its reversals.</param>
/// <param name="Attempts">POSTs so far.</param>
/// <param name="Text">The receipt when confirmed, who when replayed, who and why when discarded, else the last reason.</param>
public sealed record DeliveryHistory(string Key, string Leg, int N, DeliveryState State, int Attempts, string Text, bool InvoiceSentLater = false);

/// <summary>How a call stands.</summary>
/// <remarks><c>Deferred</c>: its payout terms keep it back; <c>Released</c>: not any more, and nothing was heard of it since.</remarks>
public enum DeliveryState { Failing, Confirmed, DeadLettered, Replayed, Discarded, Deferred, Released }

/// <summary>What was taken back after a refund.</summary>
/// <param name="Refunded">The order's refunded amount then, all refunds together.</param>
/// <param name="CompletedAt">Null while it is on its way.</param>
public sealed record ReversalHistory(int N, long? Refunded, IReadOnlyList<ReversalLine> Lines, string? CompletedAt);

/// <summary>One event, told.</summary>
/// <param name="When">When the fact was established; for an event that this program does not know, when it was stored.</param>
/// <param name="What">In two or three words: <c>delivery confirmed</c>.</param>
/// <param name="Details">What a reader wants to know of it; may be empty.</param>
/// <param name="Cause">Why it happened: source position, <c>&lt;key&gt;#&lt;attempt&gt;</c>, or <c>&lt;who&gt;@&lt;request id&gt;</c>.</param>
public sealed record TimelineEntry(long Version, string When, string What, string Details, string Cause, UtcInstant StoredAt);
