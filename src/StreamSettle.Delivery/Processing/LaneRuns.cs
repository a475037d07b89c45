using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Holds;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Processing;

/// <summary>
/// Which calls of a lane go along with its first one, where their system works through a batch in order. Calls that are sent follow one another without a gap, so that the system sees
/// the lane's order; questions (GET) move nothing, so that all that are due may be asked at once.
/// </summary>
internal sealed class LaneRuns(LaneQueues lanes, HeldCalls held)
{
    readonly List<int> run = [];

    /// <summary>The places of those that may go along; valid until the next call.</summary>
    /// <param name="of">The first one's class: what may not go to a degraded system does not go along.</param>
    /// <param name="most">Calls of the lane that may be under way at once, the first one too.</param>
    internal IReadOnlyList<int> Behind(CallLane lane, CallClass of, int most, MonotonicInstant now)
    {
        run.Clear();
        lanes.Read(lane, most);
        var first = lane.StateAt(0);
        if (first.Phase == CallPhase.Asking)
        {
            AskAlong(lane, most, now);
        }
        else if (!first.Singly)
        {
            SendAlong(lane, of, most, now);
        }

        return run;
    }

    void AskAlong(CallLane lane, int most, MonotonicInstant now)
    {
        for (var at = 1; at < Math.Min(most, lane.Count); at++)
        {
            var state = lanes.StateAt(lane, at);
            if (state.IsUnderWay || state.Phase == CallPhase.WaitingToAsk || (state.Phase == CallPhase.AskAt && state.NextAt <= now))
            {
                run.Add(at);
            }
        }
    }

    void SendAlong(CallLane lane, CallClass of, int most, MonotonicInstant now)
    {
        for (var at = 1; at < Math.Min(most, lane.Count); at++)
        {
            var state = lanes.StateAt(lane, at);
            var isDue = state.Phase == CallPhase.Waiting || (state.Phase == CallPhase.RetryAt && state.NextAt <= now);
            if (!isDue || state.Singly || CallClasses.Of(state) != of || held.IsOrderHeld(lane.KeyAt(at)))
            {
                return;
            }

            run.Add(at);
        }
    }
}
