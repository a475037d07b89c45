using StreamSettle.Audit.Events;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>Derives what has to be done from facts, so that nothing is sent that no event says. Pure.</summary>
static class SettleReactions
{
    public static IReadOnlyList<OrderReaction> To(IReadOnlyList<SettlementEvent> events, SettlementState before, SettlementState after)
    {
        if (events.Count == 0 || ReferenceEquals(before, after))
        {
            return [];
        }

        List<OrderReaction> reactions = [.. RefusalReactions.To(events, before.OpenRefusal, after.OpenRefusal)];
        for (var n = 0; n <= (after.Settled?.Reversals.Length ?? -1); n++)
        {
            Send(reactions, n, before.Settled, after.Settled!);
        }

        return reactions;
    }

    static void Send(List<OrderReaction> reactions, int n, SettledOrder? was, SettledOrder now)
    {
        var (before, after) = (was?.LegsOf(n) ?? default, now.LegsOf(n));
        foreach (var leg in LegStates.All)
        {
            // A dead-lettered call that was replayed is delivery's own to send.
            if (after[leg] == LegState.Sent && before[leg] is LegState.None or LegState.Waiting or LegState.Deferred or LegState.Returned)
            {
                reactions.Add(new SendCall(leg, n, now.ReturnedOf(leg, n)?.Returns ?? 0));
            }

            if (before[leg] != after[leg] && LegState.Returned == before[leg])
            {
                reactions.Add(new CloseReturned(leg, n, was!.ReturnedOf(leg, n)!.Returns));
            }
            else if (before[leg] != after[leg] && LegState.Returned == after[leg])
            {
                reactions.Add(new OpenReturned(now.ReturnedOf(leg, n)!));
            }
        }
    }
}
