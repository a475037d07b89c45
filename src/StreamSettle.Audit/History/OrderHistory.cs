using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.History;

/// <summary>An order's whole story, folded from its event stream: what <c>streamsettle order ID</c> shows.</summary>
public sealed record OrderHistory
{
    public required OrderId Order { get; init; }

    /// <summary>Where it stands: <c>unknown</c>, <c>scheduled</c>, <c>due</c>, <c>cancelled: reason</c>, <c>refused: reason</c>, <c>in delivery</c>, <c>completed</c>; <c>, held</c> is appended while something holds it.</summary>
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
