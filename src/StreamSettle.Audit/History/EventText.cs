using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.History;

/// <summary>What a reader wants to know of an event, in one line.</summary>
internal static class EventText
{
    /// <param name="currency">The order's, empty before the calculation.</param>
    public static string Details(SettlementEvent happened, string currency) => happened switch
    {
        SettlementScheduled e => $"merchant {e.MerchantId}, due {e.DueAt}",
        SettlementRescheduled e => $"merchant {e.MerchantId}, due {e.DueAt}",
        SettlementCancelled e => e.Reason,
        SettlementHeld e => $"{e.Scope}: {e.Reason}, by {e.By}",
        SettlementReleased e => $"{e.Scope}: {e.Reason}, by {e.By}",
        SettlementDue e => $"mark {e.DueAt}",
        SettlementCalculated e => $"net {MoneyText.Format(e.Net, e.Currency)} in {Count(e.Lines.Count, "line")}, rules {e.RuleVersion}",
        DeliveryConfirmed e => $"{e.Key}, attempt {e.Attempt}, receipt {e.Receipt}",
        DeliveryFailed e => $"{e.Key}, attempt {e.Attempt}: {e.Reason}",
        DeliveryDeadLettered e => $"{e.Key}, attempt {e.Attempt}: {e.Reason}",
        DeliveryReplayed e => $"{e.Key}, after attempt {e.Attempt}, by {e.By}{(e.Note is { } why ? $": {why}" : "")}",
        DeliveryDiscarded e => $"{e.Key}, after attempt {e.Attempt}, by {WithDoubt(e)}",
        InvoiceDelivered e => e.Key,
        SettlementCompleted e => e.Discarded.Count == 0 ? "" : $"discarded: {string.Join(", ", e.Discarded)}",
        ReversalRequested e => $"reversal {e.N}, refunded in all {MoneyText.Format(e.Refunded, currency)}",
        ReversalCalculated e => $"reversal {e.N}, {Sum(e, currency)} in {Count(e.Lines.Count, "line")}",
        ReversalCompleted e => $"reversal {e.N}",
        _ => "",
    };

    /// <summary>Who discarded a call, why, and what nobody could say of it then.</summary>
    public static string WithDoubt(DeliveryDiscarded e) => string.Join(": ", new[] { e.By, e.Note, e.Reason }.Where(text => text is not null));

    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    static string Sum(ReversalCalculated e, string currency) => MoneyText.Format(e.Lines.Sum(line => line.Amount), currency);
}
