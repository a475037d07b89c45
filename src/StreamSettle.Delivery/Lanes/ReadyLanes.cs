namespace StreamSettle.Delivery.Lanes;

/// <summary>Lanes whose first call may go as soon as the system can take it, by class; within one they take turns in the order in which they became ready.</summary>
internal sealed class ReadyLanes
{
    readonly Queue<CallLane>[] queues = [new(), new(), new(), new()];

    internal int CountOf(CallClass of) => queues[(int)of].Count;

    internal void Enqueue(CallLane lane, CallClass of) => queues[(int)of].Enqueue(lane);

    /// <summary>The lane whose turn it is; there is one.</summary>
    internal CallLane First(CallClass of) => queues[(int)of].Peek();

    internal CallLane Next(CallClass of) => queues[(int)of].Dequeue();
}
