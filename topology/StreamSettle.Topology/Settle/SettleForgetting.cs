using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// The end of an order's memory. What is finished and older than the retention is offered to the clock; only when the clock has forgotten it, with nothing about
/// it on its way, settle and delivery do. So a change, a replay or a discard always meets an order that both know, or one that neither does.
/// </summary>
sealed class SettleForgetting(Settlements settlements, SettleOutputs outputs, SettlementSettings settings)
{
    /// <summary>The retention is over; what is not finished yet is looked at again later.</summary>
    public void Offer(KeptSettlement kept, UtcInstant now)
    {
        if (kept.IsFinished)
        {
            outputs.Finish(kept);
            LookAt(kept, null);
        }
        else
        {
            LookAt(kept, settings.KeptUntil(kept.State.DueAt, now));
        }
    }

    /// <summary>The clock has forgotten the order.</summary>
    public void Forget(KeptSettlement kept, UtcInstant now)
    {
        if (kept.IsFinished)
        {
            outputs.ForgetCalls(kept.Order, kept.State);
            settlements.Forget(kept);
        }
        else
        {
            LookAt(kept, settings.KeptUntil(kept.State.DueAt, now));
        }
    }

    /// <summary>Where the windows have the order after another message of the clock: one that was offered already is kept for another while.</summary>
    public UtcInstant? KeptAgain(KeptSettlement kept, UtcInstant now) =>
        kept.Books.Order.IndexedAt is null && (kept.State.Settled is not null || kept.State.Pending.Stage is PendingStage.Idle or PendingStage.GivenUp)
            ? settings.KeptUntil(kept.State.DueAt, now)
            : kept.Books.Order.IndexedAt;

    void LookAt(KeptSettlement kept, UtcInstant? at) => settlements.Put(kept.At(at), kept);
}
