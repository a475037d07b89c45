using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Settle;

/// <summary>Derives what has to be done from what was told, so that nothing is sent that no event says. Pure.</summary>
static class SettleReactions
{
    public static IReadOnlyList<SettleReaction> To(IReadOnlyList<SettlementEvent> told, SettlementState before, SettlementState after)
    {
        if (told.Count == 0 || ReferenceEquals(before, after))
        {
            return [];
        }

        List<SettleReaction> reactions = [];
        if (before.OpenRefusal is { } closed && closed != after.OpenRefusal)
        {
            reactions.Add(new CloseDeadLetter(closed));
        }

        if (after.OpenRefusal is { } open && told.OfType<DeliveryDeadLettered>().LastOrDefault(e => e.Leg == Leg.Calculation.Name()) is { } refused)
        {
            reactions.Add(new OpenDeadLetter(open, refused.Reason));
        }

        for (var n = 0; n <= (after.Settled?.Reversals.Length ?? -1); n++)
        {
            Send(reactions, n, before.Settled?.LegsOf(n) ?? default, after.Settled!.LegsOf(n));
        }

        return reactions;
    }

    static void Send(List<SettleReaction> reactions, int n, LegStates before, LegStates after)
    {
        foreach (var leg in LegStates.All)
        {
            // A dead-lettered call that was replayed is delivery's own to send.
            if (after[leg] == LegState.Sent && before[leg] is LegState.None or LegState.Waiting)
            {
                reactions.Add(new SendCall(leg, n));
            }
        }
    }
}
