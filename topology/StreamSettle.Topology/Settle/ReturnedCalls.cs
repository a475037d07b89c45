using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// Calls that their systems have undone (contract/downstreams.md, "Callbacks"): each waits for a person, who sends it again as a new effect under the next key, or leaves it
/// undone. A key is returned once, whenever and however often it is told. Pure.
/// </summary>
static class ReturnedCalls
{
    /// <summary>Begins the reason of their dead letters.</summary>
    public const string Prefix = "returned: ";

    public static IReadOnlyList<SettlementEvent> Decide(SettledOrder settled, SettledCommand command) => command switch
    {
        TakeReturn { Told: var told } asked => Returned(settled, asked, told.Key),
        ReplayReturned asked when IsReturned(settled, asked.Key) =>
        [
            new DeliveryReplayed(
                asked.Cause, asked.RecordedAt, asked.Key.ToString(), asked.Key.Leg.Name(), asked.Key.N, 0, asked.By, asked.Note, SentAs: asked.Key.AfterReturn().ToString()),
        ],
        DiscardReturned asked when IsReturned(settled, asked.Key) =>
            [new DeliveryDiscarded(asked.Cause, asked.RecordedAt, asked.Key.ToString(), asked.Key.Leg.Name(), asked.Key.N, 0, asked.By, Note: asked.Note)],
        _ => [],
    };

    /// <summary>This very key waits for a person because its effect was undone.</summary>
    public static bool IsReturned(SettledOrder settled, CallKey key) => settled.LegsOf(key.N)[key.Leg] == LegState.Returned && settled.KeyOf(key.Order, key.Leg, key.N) == key;

    /// <summary>The call has gone by another key since: what comes for this one changes nothing any more.</summary>
    public static bool IsOfThePast(SettledOrder settled, CallKey key) => settled.KeyOf(key.Order, key.Leg, key.N) != key;

    /// <summary>What the list of dead letters shows of it; no attempt failed, so none is told.</summary>
    public static DeliveryDeadLettered Waits(CallKey key, string recordedAt, string reason) => new(CauseOf(key), recordedAt, key.ToString(), key.Leg.Name(), key.N, 0, Prefix + reason);

    static IReadOnlyList<SettlementEvent> Returned(SettledOrder settled, TakeReturn asked, CallKey key)
    {
        if (IsOfThePast(settled, key) || settled.ReturnedOf(key.Leg, key.N)?.Reason is not null)
        {
            return [];
        }

        var (reason, at) = (asked.Told.Reason, asked.RecordedAt);
        var returned = new DeliveryReturned(CauseOf(key), at, key.ToString(), key.Leg.Name(), key.N, reason, asked.Told.At.ToString());
        return settled.LegsOf(key.N)[key.Leg] switch
        {
            LegState.Confirmed => [returned, Waits(key, at, reason)],
            // The system was quicker than its own answer, or that was lost: what it undid is known when the call is.
            LegState.Sent or LegState.DeadLettered => [returned],
            _ => [],
        };
    }

    static string CauseOf(CallKey key) => $"{key.Leg.Name()}@{key}";
}
