using System.Globalization;
using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>What an event changes of an order's view.</summary>
internal static class OrderViewFold
{
    const string Refusal = "calculation";

    /// <param name="version">The event's, in its stream.</param>
    public static OrderView Evolve(OrderView view, long version, SettlementEvent happened) => (happened switch
    {
        SettlementScheduled e => Scheduled(view, e.MerchantId, e.CompletedAt, e.DueAt),
        SettlementRescheduled e => Scheduled(view, e.MerchantId, e.CompletedAt, e.DueAt),
        SettlementCancelled e => view with { State = "cancelled", Reason = e.Reason },
        SettlementHeld e => view with { Holds = With(view.Holds, e.Scope) },
        SettlementReleased e => view with { Holds = Without(view.Holds, e.Scope) },
        SettlementDue e => view with { State = "due", Reason = null, DueAt = Instant(e.DueAt) },
        SettlementCalculated e => Calculated(view, e),
        SettlementCompleted e => view with { State = "completed", SettledAt = Instant(e.RecordedAt) },
        DeliveryConfirmed e => view with { Confirmed = view.Confirmed + 1, DeadLetters = Without(view.DeadLetters, e.Key) },
        DeliveryDeadLettered e => DeadLettered(view, e),
        DeliveryReplayed e => view with { DeadLetters = Without(view.DeadLetters, e.Key), Discarded = Without(view.Discarded, e.Key) },
        DeliveryDiscarded e => view with { DeadLetters = Without(view.DeadLetters, e.Key), Discarded = With(view.Discarded, e.Key) },
        ReversalCalculated e => Reversed(view, e),
        _ => view,
    }) with { StreamVersion = version };

    public static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    static OrderView Scheduled(OrderView view, long merchant, string completedAt, string dueAt) =>
        view with { State = "scheduled", Reason = null, MerchantId = merchant, CompletedAt = Instant(completedAt), DueAt = Instant(dueAt) };

    static OrderView Calculated(OrderView view, SettlementCalculated e)
    {
        var digits = Amounts.Digits(e.Currency);
        return view with
        {
            State = "in delivery", Reason = null, MerchantId = e.MerchantId, CompletedAt = Instant(e.CompletedAt), DueAt = Instant(e.DueAt), CalculatedAt = Instant(e.RecordedAt),
            Currency = e.Currency, Digits = digits, RuleVersion = e.RuleVersion, Priority = e.Priority,
            GrossMinor = e.Gross, Gross = Amounts.Of(e.Gross, digits),
            RefundedMinor = e.Refunded, Refunded = Amounts.Of(e.Refunded, digits),
            NetMinor = e.Net, Net = Amounts.Of(e.Net, digits),
            ReversedMinor = 0, Reversed = 0,
        };
    }

    /// <summary>A refused refund moves nothing: only the refused settlement itself is a state of the order.</summary>
    static OrderView DeadLettered(OrderView view, DeliveryDeadLettered e)
    {
        var waiting = view with { DeadLetters = With(view.DeadLetters, e.Key) };
        return e is { Leg: Refusal, N: 0 } ? waiting with { State = "refused", Reason = e.Reason } : waiting;
    }

    static OrderView Reversed(OrderView view, ReversalCalculated e)
    {
        var minor = (view.ReversedMinor ?? 0) + e.Lines.Sum(line => (decimal)line.Amount);
        return view with { ReversedMinor = minor, Reversed = view.Digits is { } digits ? Amounts.Of(minor, digits) : null };
    }

    static IReadOnlyList<string> With(IReadOnlyList<string> list, string one) => list.Contains(one) ? list : [.. list, one];

    static IReadOnlyList<string> Without(IReadOnlyList<string> list, string one) => list.Contains(one) ? [.. list.Where(other => other != one)] : list;
}
