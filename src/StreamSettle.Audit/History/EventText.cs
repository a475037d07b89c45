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
        DeliveryConfirmed e => $"{e.Key}, attempt {e.Attempt}, receipt {e.Receipt}{(e.InvoiceLeftOut is true ? ", without its invoice" : "")}",
        DeliveryFailed e => $"{e.Key}, attempt {e.Attempt}: {e.Reason}",
        DeliveryDeadLettered e => $"{e.Key}, attempt {e.Attempt}: {e.Reason}",
        DeliveryReplayed e => $"{e.Key}, {(e.SentAs is { } key ? $"now {key}" : $"after attempt {e.Attempt}")}, by {e.By}{(e.Note is { } why ? $": {why}" : "")}",
        DeliveryDiscarded e => $"{e.Key}, after attempt {e.Attempt}, by {WithDoubt(e)}",
        DeliveryReturned e => $"{e.Key}, undone by its system {e.ReturnedAt}: {e.Reason}",
        InvoiceDelivered e => e.Key,
        SettlementCompleted e => e.Discarded.Count == 0 ? "" : $"discarded: {string.Join(", ", e.Discarded)}",
        ReversalRequested e => $"reversal {e.N}, refunded in all {MoneyText.Format(e.Refunded, currency)}",
        ReversalCalculated e => $"reversal {e.N}, {Sum(e, currency)} in {Count(e.Lines.Count, "line")}",
        ReversalCompleted e => $"reversal {e.N}",
        PayoutDeferred e => $"{e.Key}, {MoneyText.Format(e.Amount, e.Currency)} for the merchant: {Waiting(e)}",
        PayoutReleased e => $"{e.Key}: {e.Reason}",
        _ => "",
    };

    /// <summary>What a split waits for, and how long.</summary>
    public static string Waiting(PayoutDeferred e) => e switch
    {
        { PayableAt: { } until } => $"until {until}, {e.Reason}",
        { LatestAt: { } latest } => $"{e.Reason}, until {latest} at the latest",
        _ => e.Reason,
    };

    /// <summary>How a split is paid out.</summary>
    public static string Terms(PayoutTerms terms, string currency)
    {
        string?[] parts =
        [
            terms.Minimum is { } minimum ? $"at least {MoneyText.Format(minimum, currency)} at once{(terms.MaxWait is { } wait ? $", after {wait} whatever there is" : "")}" : null,
            terms.Calendar is { } calendar ? $"on payout days of {(calendar == "MERCHANT_COUNTRY" ? "the merchant's country" : calendar)}{(terms.CutOff is { } cutOff ? $" before {cutOff} there" : "")}" : null,
        ];
        return $"{string.Join(", ", parts.Where(part => part is not null))} (rule: {terms.Rule})";
    }

    /// <summary>Who discarded a call, why, and what nobody could say of it then.</summary>
    public static string WithDoubt(DeliveryDiscarded e) => string.Join(": ", new[] { e.By, e.Note, e.Reason }.Where(text => text is not null));

    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    static string Sum(ReversalCalculated e, string currency) => MoneyText.Format(e.Lines.Sum(line => line.Amount), currency);
}
