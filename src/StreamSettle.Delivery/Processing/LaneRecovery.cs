using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Processing;

/// <summary>Puts a task's lanes in order at its start. Calls found under way become unknown; what waits for a time waits for it by this process's clock.</summary>
internal sealed class LaneRecovery(CallStore calls, LaneQueues lanes, TaskBudget budget)
{
    /// <param name="shift">How far this clock is ahead of the one by which instants were kept.</param>
    internal void Place(TimeSpan shift)
    {
        RecallReaches();
        foreach (var lane in lanes.ByAge)
        {
            lanes.Know(lane, 0, Found(lane.Head, shift, isFirst: true));
            for (var at = 1; at < lane.Count && lane.Reach > 0 && lanes.NoAt(lane, at) <= lane.Reach; at++)
            {
                lanes.Know(lane, at, Found(lane.KeyAt(at), shift, isFirst: false));
            }

            lanes.Place(lane);
        }
    }

    /// <summary>How far calls were under way with the first of their lanes.</summary>
    void RecallReaches()
    {
        foreach (var (reach, no) in calls.Reaches())
        {
            if (lanes.Find(new(reach.Merchant, reach.Lane, 0)) is { } lane)
            {
                lane.Reach = no;
            }
            else
            {
                // Each of its calls is a lane of its own now.
                calls.DropReach(reach);
            }
        }
    }

    /// <summary>A call as it is for this process.</summary>
    /// <param name="isFirst">Of its lane: a batch counts as a request for each lane that is in it; those behind were in the same one.</param>
    CallState Found(CallKey call, TimeSpan shift, bool isFirst)
    {
        var state = calls.Load(call);
        if (state.IsUnderWay)
        {
            if (isFirst || state.Phase == CallPhase.Asking)
            {
                budget.Recover();
            }

            state = CallDecider.Recover(state);
            calls.Save(call, state);
        }
        else if (state.IsTimed && shift != TimeSpan.Zero)
        {
            state = state with { NextAt = state.NextAt + shift };
            calls.Save(call, state);
        }

        return state;
    }
}
