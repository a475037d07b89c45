using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Pending;

/// <summary>A calculation's dead letter appears and goes with the fact that says so. Pure.</summary>
static class RefusalReactions
{
    /// <param name="before">The number of the calculation that was refused before the facts; null for none.</param>
    /// <param name="after">And after them.</param>
    public static IReadOnlyList<OrderReaction> To(IReadOnlyList<SettlementEvent> events, int? before, int? after)
    {
        var closed = before is { } was && was != after ? new CloseDeadLetter(was) : null;
        var opened = after is { } now && Reason(events) is { } reason ? new OpenDeadLetter(now, reason) : null;
        return (closed, opened) switch
        {
            ({ } close, { } open) => [close, open],
            ({ } close, null) => [close],
            (null, { } open) => [open],
            _ => [],
        };
    }

    /// <summary>Of the last refusal among them; null for none.</summary>
    static string? Reason(IReadOnlyList<SettlementEvent> events)
    {
        for (var i = events.Count - 1; i >= 0; i--)
        {
            if (events[i] is DeliveryDeadLettered refused && refused.Leg == Leg.Calculation.Name())
            {
                return refused.Reason;
            }
        }

        return null;
    }
}
