using StreamSettle.Audit.Events;
using StreamSettle.Settlement.Results;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>The moment between the two halves of <see cref="SettleDecider"/>: an order that waits is calculated, refused or has nothing to settle. Pure.</summary>
static class OrderDivision
{
    public static SettlementEvent Decide(PendingState state, Divide asked) => asked.Result switch
    {
        null => PendingEvents.Refused(asked, Refusals.UnknownMerchant),
        Refused refused => PendingEvents.Refused(asked, refused.Reason),
        Cancelled => new SettlementCancelled(asked.Cause, asked.RecordedAt, CancelReasons.NothingToSettle),
        Settled result => new SettlementCalculated(
            asked.Cause, asked.RecordedAt, state.Merchant.Value, result.Currency.ToString(), result.Gross, result.Refunded, result.Net, result.RuleVersion,
            result.Priority, result.ExportRefund,
            [.. result.Lines.Select((line, i) => new ExplainedLine(line.Party.ToString(), line.Amount, asked.Explanations[i], line.Party.Level))],
            asked.CompletedAt.ToString(), state.DueAt.ToString(), asked.Basis, asked.InvoiceDigest, PayoutFold.Terms(result.Payout)),
        _ => throw new Kernel.Failures.BrokenInvariantException($"nobody has said what follows from {asked.Result}"),
    };
}
