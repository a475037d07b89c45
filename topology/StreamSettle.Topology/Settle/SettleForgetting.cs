using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// The end of an order's memory. What is finished and older than the retention is offered to the clock; only when the clock has forgotten it, with nothing about
/// it on its way, settle and delivery do. So a change, a replay or a discard always meets an order that both know, or one that neither does.
/// </summary>
sealed class SettleForgetting(Settlements settlements, SettleDesk desk, SettlementSettings settings)
{
    /// <summary>The retention is over; what is not finished yet is looked at again later.</summary>
    public void Offer(SettlementState state, UtcInstant now)
    {
        if (state.IsFinished)
        {
            desk.Finish(state);
            settlements.Put(state with { IndexedAt = null }, state);
        }
        else
        {
            settlements.Put(state with { IndexedAt = settings.KeptUntil(state.DueAt, now) }, state);
        }
    }

    /// <summary>The clock has forgotten the order.</summary>
    public void Forget(SettlementState state, UtcInstant now)
    {
        if (state.IsFinished)
        {
            desk.ForgetCalls(state);
            settlements.Forget(state);
        }
        else
        {
            settlements.Put(state with { IndexedAt = settings.KeptUntil(state.DueAt, now) }, state);
        }
    }

    /// <summary>Where the index has the order after another message of the clock: one that was offered already is kept for another while.</summary>
    public UtcInstant? KeptAgain(SettlementState state, UtcInstant now) =>
        state.IndexedAt is null && (state.Settled is not null || state.Stage is PendingStage.Idle or PendingStage.GivenUp)
            ? settings.KeptUntil(state.DueAt, now)
            : state.IndexedAt;
}
