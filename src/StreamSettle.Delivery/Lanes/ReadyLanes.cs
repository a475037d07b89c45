namespace StreamSettle.Delivery.Lanes;

/// <summary>Lanes whose first call may go as soon as the system can take it, by class; within one they take turns in the order in which they became ready.</summary>
/// <param name="most">Calls of one lane that go at once, at most.</param>
internal sealed class ReadyLanes(int most)
{
    readonly Queue<CallLane>[] queues = [new(), new(), new(), new()];
    readonly int[] wanted = new int[CallClasses.Count];

    internal int CountOf(CallClass of) => queues[(int)of].Count;

    /// <summary>Calls that would go if there were room for all.</summary>
    internal int WantedOf(CallClass of) => wanted[(int)of];

    internal void Enqueue(CallLane lane, CallClass of)
    {
        queues[(int)of].Enqueue(lane);
        wanted[(int)of] += Math.Min(lane.Count, most);
        lane.ReadyAs = of;
    }

    /// <summary>A lane got another call.</summary>
    internal void Grew(CallLane lane)
    {
        if (lane.ReadyAs is { } of && lane.Count <= most)
        {
            wanted[(int)of]++;
        }
    }

    /// <summary>The lane whose turn it is; there is one.</summary>
    internal CallLane First(CallClass of) => queues[(int)of].Peek();

    internal CallLane Next(CallClass of)
    {
        var lane = queues[(int)of].Dequeue();
        wanted[(int)of] -= Math.Min(lane.Count, most);
        lane.ReadyAs = null;
        return lane;
    }
}
