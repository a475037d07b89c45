using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Lanes;

/// <summary>A task's lanes in memory: which may go next, which wait for a time. Made anew from the store at every start.</summary>
internal sealed class LaneBoard(Action<CallLane, long, Queue<(long No, CallKey Key)>> readAhead)
{
    readonly Dictionary<LaneKey, CallLane> lanes = [];
    readonly Queue<CallLane> ready = new();
    readonly PriorityQueue<CallLane, (long AtUs, long No)> timed = new();

    /// <summary>Calls in all lanes.</summary>
    internal int Open { get; private set; }

    /// <summary>Lanes whose first call may go as soon as the system can take it.</summary>
    internal int ReadyCount => ready.Count;

    /// <summary>Lanes whose first call waits for its time.</summary>
    internal int TimedCount => timed.Count;

    internal IEnumerable<CallLane> All => lanes.Values;

    /// <summary>Puts a call at the end of its lane.</summary>
    /// <returns>The lane where the call is its first, else null.</returns>
    internal CallLane? Append(LaneKey key, long no, CallKey call)
    {
        if (!lanes.TryGetValue(key, out var lane))
        {
            lane = new(key);
            lanes.Add(key, lane);
        }

        Open++;
        return lane.Append(no, call) ? lane : null;
    }

    /// <exception cref="KeyNotFoundException">There is no call in it.</exception>
    internal CallLane Get(LaneKey key) => lanes[key];

    /// <summary>The first call may go; lanes take turns in the order in which they became ready.</summary>
    internal void Ready(CallLane lane) => ready.Enqueue(lane);

    internal CallLane NextReady() => ready.Dequeue();

    /// <summary>The first call waits until <paramref name="at"/>.</summary>
    internal void WaitUntil(CallLane lane, UtcInstant at) => timed.Enqueue(lane, (at.Microseconds, lane.HeadNo));

    /// <summary>Makes those ready whose time has come.</summary>
    internal void WakeDue(UtcInstant now)
    {
        while (timed.TryPeek(out var lane, out var key) && key.AtUs <= now.Microseconds)
        {
            timed.Dequeue();
            ready.Enqueue(lane);
        }
    }

    /// <summary>The first call is done with: the next one may go.</summary>
    internal void Advance(CallLane lane)
    {
        Open--;
        if (lane.Advance(readAhead))
        {
            ready.Enqueue(lane);
        }
        else
        {
            lanes.Remove(lane.Key);
        }
    }
}
