using System.Globalization;
using StreamSettle.Connectors.Embedded.Comparing;
using StreamSettle.Kernel.Money;
using StreamSettle.Topology.Pending;

namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>The shop's row beside what the event log has of the order. Pure.</summary>
static class SourceComparison
{
    const string Order = "order";
    const string Status = "status";

    public static void Of(ComparedOrder order, ComparisonTerms terms, DiscrepancyList found)
    {
        var (row, log) = (order.Row, order.Log);
        if (row is null)
        {
            Gone(log, found);
        }
        else if (log.State.Settled is not null)
        {
            SettledComparison.Of(row, log, found);
        }
        else
        {
            Pending(row, log, found);
        }
    }

    /// <summary>A row that was deleted takes back what is pending, and moves nothing that is settled.</summary>
    static void Gone(LoggedOrder log, DiscrepancyList found)
    {
        if (log.State.Settled is not null)
        {
            found.Add(DiscrepancyKind.Extra, Order, "no row", "settled");
        }
        else if (log.State.IsScheduled)
        {
            found.Add(DiscrepancyKind.Extra, Order, "no row", Waiting(log));
        }
    }

    static void Pending(OrderRow row, LoggedOrder log, DiscrepancyList found)
    {
        switch (log.State.Pending.Stage)
        {
            case PendingStage.Unknown when row.IsCompleted && row.CompletedAt is { } at:
                found.Add(DiscrepancyKind.Missing, Order, $"COMPLETED at {at}", "not known");
                break;
            case PendingStage.Scheduled when !row.IsCompleted:
                found.Add(DiscrepancyKind.StateDiffers, Status, row.Status, Waiting(log));
                break;
            case PendingStage.Scheduled:
                Scheduled(row, log, found);
                break;
            case PendingStage.Idle when row.IsCompleted && row.CompletedAt is not null && !(log.CancelReason == CancelReasons.NothingToSettle && IsAllRefunded(row)):
                found.Add(DiscrepancyKind.StateDiffers, Status, row.Status, $"cancelled: {log.CancelReason}");
                break;
            default:
                // Refused, or given up: it waits for a person, or that person has decided.
                break;
        }
    }

    static void Scheduled(OrderRow row, LoggedOrder log, DiscrepancyList found)
    {
        if (row.CompletedAt != log.CompletedAt)
        {
            found.Add(DiscrepancyKind.StateDiffers, "completed_at", row.CompletedAt?.ToString() ?? "none", log.CompletedAt?.ToString());
        }

        // From its mark on an order stays with the merchant that it had then.
        if (!log.State.Pending.DueRecorded && row.Merchant != log.State.Merchant.Value)
        {
            found.Add(DiscrepancyKind.StateDiffers, "merchant_id", row.Merchant?.ToString(CultureInfo.InvariantCulture) ?? "none", log.State.Merchant.ToString());
        }
    }

    static bool IsAllRefunded(OrderRow row) => Currency.TryParse(row.Currency ?? "", out var currency)
        && row.Gross.TryToMinor(currency.Digits, out var gross) && row.Refunded.TryToMinor(currency.Digits, out var refunded) && refunded >= gross;

    static string Waiting(LoggedOrder log) => $"due at {log.State.DueAt}";
}
