using StreamSettle.Delivery.Calls;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Lanes;

/// <summary>A task's lanes in memory: which may go next, which wait for a time. Made anew from the store at every start.</summary>
internal sealed class LaneQueues(CallStore calls)
{
    readonly Dictionary<LaneKey, CallLane> lanes = [];
    readonly PriorityQueue<CallLane, (long AtUs, long No)> timed = new();
    int queued;
    int timedInvoices;

    /// <summary>Calls in all lanes, owed invoices not among them.</summary>
    internal int Open => queued - InvoiceCount;

    /// <summary>Lanes whose first call may go as soon as the system can take it.</summary>
    internal ReadyLanes Ready { get; } = new();

    /// <summary>Lanes whose first call waits for its time.</summary>
    internal int TimedCount => timed.Count - timedInvoices;

    /// <summary>Invoices that were left out of confirmed calls and are to be sent.</summary>
    internal int InvoiceCount { get; private set; }

    /// <summary>Lanes whose first call may have happened.</summary>
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
        return lane.Append(no, call) ? lane : null;
    }

    /// <exception cref="KeyNotFoundException">There is no call in it.</exception>
    internal CallLane Get(LaneKey key) => lanes[key];

    /// <summary>Takes up the state of the lane's first call: where it is not under way it goes or waits.</summary>
    internal void Place(CallLane lane, in CallState state)
    {
        SetState(lane, state);
        if (state.IsTimed)
        {
            timed.Enqueue(lane, (state.NextAt.Microseconds, lane.HeadNo));
            timedInvoices += state.IsOwingInvoice ? 1 : 0;
        }
        else
        {
            MakeReady(lane);
        }
    }

    /// <summary>The first call is under way.</summary>
    internal void UnderWay(CallLane lane, in CallState state) => SetState(lane, state);

    /// <summary>The first call is over: the next one may go.</summary>
    internal void Advance(CallLane lane)
    {
        SetState(lane, null);
        queued--;
        if (!lane.Advance(calls))
        {
            lanes.Remove(lane.Key);
            return;
        }

        MakeReady(lane);
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

    void MakeReady(CallLane lane) => Ready.Enqueue(lane, ClassOf(lane));

    CallClass ClassOf(CallLane lane)
    {
        if (lane.Key is { Lane: Lane.Ordinary, Solo: >= 0 })
        {
            return CallClass.Ordinary;
        }

        // Read ahead of its launch, which needs it anyway.
        var state = lane.State ?? calls.Load(lane.Head);
        SetState(lane, state);
        return state.IsOwingInvoice ? CallClass.Invoice
            : state.KeyAccount || state.IsBeingDiscarded ? CallClass.KeyAccount
            : state.Lane == Lane.Priority ? CallClass.Priority
            : CallClass.Ordinary;
    }

    void SetState(CallLane lane, CallState? state)
    {
        UnknownCount += IsUnknown(state) - IsUnknown(lane.State);
        InvoiceCount += IsInvoice(state) - IsInvoice(lane.State);
        lane.State = state;
    }

    static int IsUnknown(CallState? state) => state?.Phase is CallPhase.WaitingToAsk or CallPhase.Asking or CallPhase.AskAt ? 1 : 0;

    static int IsInvoice(CallState? state) => state is { IsOwingInvoice: true } ? 1 : 0;
}
