using StreamSettle.Delivery.Calls;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Lanes;

/// <summary>A task's lanes in memory: which may go next, which wait for a time. Made anew from the store at every start.</summary>
/// <param name="most">Calls of one lane that go at once, at most.</param>
internal sealed class LaneQueues(CallStore calls, int most = 1)
{
    readonly Dictionary<LaneKey, CallLane> lanes = [];
    readonly PriorityQueue<CallLane, (long AtUs, long No)> timed = new();
    int queued;
    int timedInvoices;

    /// <summary>Calls in all lanes, owed invoices not among them.</summary>
    internal int Open => queued - InvoiceCount;

    /// <summary>Lanes whose first call may go as soon as the system can take it.</summary>
    internal ReadyLanes Ready { get; } = new(most);

    /// <summary>Lanes whose first call waits for its time.</summary>
    internal int TimedCount => timed.Count - timedInvoices;

    /// <summary>Invoices that were left out of confirmed calls and are to be sent.</summary>
    internal int InvoiceCount { get; private set; }

    /// <summary>Calls that may have happened.</summary>
    internal int UnknownCount { get; private set; }

    /// <summary>Lanes with their first call, in the order in which those were queued.</summary>
    internal IEnumerable<CallLane> ByAge => lanes.Values.OrderBy(lane => lane.HeadNo);

    /// <summary>Puts a call at the end of its lane.</summary>
    /// <returns>The lane where the call is its first, else null.</returns>
    internal CallLane? Append(LaneKey key, long no, CallKey call)
    {
        if (!lanes.TryGetValue(key, out var lane))
        {
            lane = new(key);
            lanes.Add(key, lane);
        }

        queued++;
        if (lane.Append(no, call))
        {
            return lane;
        }

        Ready.Grew(lane);
        return null;
    }

    /// <exception cref="KeyNotFoundException">There is no call in it.</exception>
    internal CallLane Get(LaneKey key) => lanes[key];

    internal CallLane? Find(LaneKey key) => lanes.GetValueOrDefault(key);

    /// <summary>Takes up the state of the lane's first call: where it is not under way it goes or waits.</summary>
    internal void Place(CallLane lane, in CallState state)
    {
        Know(lane, 0, state);
        Place(lane);
    }

    /// <summary>A call's state as it is in the store; at most of the first one that is not known yet.</summary>
    internal void Know(CallLane lane, int at, in CallState state)
    {
        Count(at < lane.Known ? lane.StateAt(at) : null, -1);
        Count(state, 1);
        lane.Set(at, state);
    }

    /// <summary>The state of one of the lane's calls, read where it is not known.</summary>
    internal CallState StateAt(CallLane lane, int at)
    {
        lane.Extend(at + 1, calls);
        while (lane.Known <= at)
        {
            // By whatever clock it was to wait: its turn comes behind another one's, which it did not when it was written.
            var state = calls.Load(lane.KeyAt(lane.Known));
            Know(lane, lane.Known, state.IsTimed ? state with { NextAt = default } : state);
        }

        return lane.StateAt(at);
    }

    /// <summary>A call is under way.</summary>
    internal void UnderWay(CallLane lane, int at, in CallState state)
    {
        Know(lane, at, state);
        lane.Pending++;
    }

    /// <summary>A call is not under way any more.</summary>
    /// <returns>Its place in the lane.</returns>
    internal int Answered(CallLane lane, CallKey call)
    {
        lane.Pending--;
        return lane.IndexOf(call) is >= 0 and var at ? at : throw new BrokenInvariantException($"the call {call} is answered, but its lane knows of none under way");
    }

    /// <summary>Reads as many of the lane's calls, or all.</summary>
    internal void Read(CallLane lane, int most) => lane.Extend(most, calls);

    /// <summary>The place in its lane's queue.</summary>
    internal long NoAt(CallLane lane, int at)
    {
        lane.Extend(at + 1, calls);
        return lane.NoAt(at);
    }

    /// <summary>The lane's calls up to this one were under way with the first.</summary>
    internal void Reach(CallLane lane, long no)
    {
        if (no > lane.Reach)
        {
            lane.Reach = no;
            calls.KeepReach(new(lane.Key.Merchant, lane.Key.Lane), no);
        }
    }

    /// <summary>A call that was under way is not over: it goes or waits when no other of its lane is under way.</summary>
    internal void Keep(CallLane lane, int at, in CallState state)
    {
        Know(lane, at, state);
        if (lane.Pending == 0)
        {
            Place(lane);
        }
    }

    /// <summary>A call leaves its lane: the next one may go when none of the lane is under way.</summary>
    internal void Remove(CallLane lane, int at)
    {
        Count(at < lane.Known ? lane.StateAt(at) : null, -1);
        queued--;
        lane.RemoveAt(at, calls);
        if (lane.Count == 0)
        {
            lanes.Remove(lane.Key);
            if (lane.Reach > 0)
            {
                calls.DropReach(new(lane.Key.Merchant, lane.Key.Lane));
            }
        }
        else if (lane.Pending == 0)
        {
            Place(lane);
        }
    }

    /// <summary>A lane whose turn had come and that was kept back may go.</summary>
    internal void GoOn(CallLane lane) => MakeReady(lane);

    /// <summary>Makes those ready whose time has come.</summary>
    internal void WakeDue(MonotonicInstant now)
    {
        while (timed.TryPeek(out var lane, out var key) && key.AtUs <= now.Microseconds)
        {
            timed.Dequeue();
            timedInvoices -= lane.State is { IsOwingInvoice: true } ? 1 : 0;
            MakeReady(lane);
        }
    }

    /// <summary>The lane's first call, whose state is known, goes or waits.</summary>
    internal void Place(CallLane lane)
    {
        if (lane.State is { IsTimed: true } state)
        {
            timed.Enqueue(lane, (state.NextAt.Microseconds, lane.HeadNo));
            timedInvoices += state.IsOwingInvoice ? 1 : 0;
        }
        else
        {
            MakeReady(lane);
        }
    }

    void MakeReady(CallLane lane) => Ready.Enqueue(lane, ClassOf(lane));

    CallClass ClassOf(CallLane lane)
    {
        if (lane.Key is { Lane: Lane.Ordinary, Solo: >= 0 })
        {
            return CallClass.Ordinary;
        }

        // Read ahead of its launch, which needs it anyway.
        return CallClasses.Of(StateAt(lane, 0));
    }

    void Count(in CallState? state, int by)
    {
        UnknownCount += state?.Phase is CallPhase.WaitingToAsk or CallPhase.Asking or CallPhase.AskAt ? by : 0;
        InvoiceCount += state is { IsOwingInvoice: true } ? by : 0;
    }
}
