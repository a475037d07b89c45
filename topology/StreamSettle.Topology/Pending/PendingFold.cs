using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Pending;

/// <summary>What each fact changes before the calculation, whoever recorded it: clock or settle. Pure.</summary>
public static class PendingFold
{
    public static PendingState Of(PendingState state, IReadOnlyList<SettlementEvent> events)
    {
        // By index: an enumerator would be an object, and there are one or two.
        for (var i = 0; i < events.Count; i++)
        {
            state = Evolve(state, events[i]);
        }

        return state;
    }

    /// <exception cref="CorruptStateException">The fact is not of our form.</exception>
    public static PendingState Evolve(in PendingState state, SettlementEvent happened) => happened switch
    {
        SettlementScheduled e => Scheduled(state, e.MerchantId, e.DueAt),
        SettlementRescheduled e => Scheduled(state, e.MerchantId, e.DueAt),
        SettlementDue e => state with { DueAt = Instant(e.DueAt), DueRecorded = true },
        SettlementCancelled => state with { Stage = PendingStage.Idle, Refusal = null },
        SettlementCalculated e => state with { Merchant = new(e.MerchantId), DueAt = Instant(e.DueAt) },
        DeliveryDeadLettered e when IsOfTheOrder(e.Leg, e.N) => state with { Stage = PendingStage.Refused, Refusal = e.Reason },
        DeliveryReplayed e when IsOfTheOrder(e.Leg, e.N) => state with { Stage = PendingStage.Scheduled, Refusal = null },
        DeliveryDiscarded e when IsOfTheOrder(e.Leg, e.N) => state with { Stage = PendingStage.GivenUp, Refusal = null },
        _ => state,
    };

    /// <summary>The order's own calculation is meant, no call and no refund.</summary>
    public static bool IsOfTheOrder(string leg, int n) => n == 0 && leg == Leg.Calculation.Name();

    /// <exception cref="CorruptStateException">The text is no instant as events write it.</exception>
    public static UtcInstant Instant(string text)
    {
        try
        {
            return UtcInstant.ParseWritten(text);
        }
        catch (FormatException e)
        {
            throw new CorruptStateException($"'{text}' is no instant", e);
        }
    }

    static PendingState Scheduled(in PendingState state, long merchant, string dueAt)
    {
        var due = Instant(dueAt);
        return state with
        {
            Stage = PendingStage.Scheduled, Refusal = null, Merchant = new(merchant), DueAt = due, DueRecorded = state.DueRecorded && due == state.DueAt,
        };
    }
}
