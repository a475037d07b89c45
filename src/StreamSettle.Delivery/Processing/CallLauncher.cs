using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Holds;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;

namespace StreamSettle.Delivery.Processing;

/// <summary>
/// Marks as many first calls of lanes as under way as the channel has room for, where batches go in order with those behind them, and hands them over when that is committed. What
/// a call's bytes are is decided in the transaction of its first mark (I4).
/// </summary>
internal sealed class CallLauncher(DownstreamChannel channel, CallStore calls, LaneQueues lanes, TaskBudget budget, HeldCalls held)
{
    /// <summary>Frozen bytes above which no more calls are marked in one transaction: the channel counts them only when it is committed.</summary>
    const long MostArmedBytes = 4 * 1024 * 1024;

    readonly List<OutboundCall> armed = [];
    readonly bool[] waitsForRoom = new bool[CallClasses.Count];
    readonly LaneRuns runs = new(lanes, held);
    Func<MonotonicInstant> clock = null!;
    ChannelMember member = null!;
    Mailbox<ChannelMessage> mailbox = null!;
    long armedBytes;
    bool ordinaryFirst;

    /// <summary>Calls wait for the commit of their marks.</summary>
    internal bool HasArmed => armed.Count > 0;

    /// <param name="now">By the monotonic clock.</param>
    internal void Open(ChannelMember seat, Mailbox<ChannelMessage> messages, Func<MonotonicInstant> now) => (member, mailbox, clock) = (seat, messages, now);

    /// <summary>There may be room again: what is not needed of it is given back.</summary>
    internal void Room()
    {
        var wanted = 0;
        foreach (var of in CallClasses.ByRank)
        {
            wanted |= waitsForRoom[(int)of] ? 1 << (int)of : 0;
            waitsForRoom[(int)of] = false;
        }

        LaunchReady();
        foreach (var of in CallClasses.ByRank)
        {
            if ((wanted & 1 << (int)of) != 0 && lanes.Ready.CountOf(of) == 0)
            {
                channel.Return(member.Seats[(int)of]);
            }
        }
    }

    internal void LaunchReady()
    {
        foreach (var of in ordinaryFirst ? OrdinaryFirst : CallClasses.ByRank)
        {
            while (!waitsForRoom[(int)of] && armedBytes < MostArmedBytes && held.HasFree(of))
            {
                waitsForRoom[(int)of] = !channel.TryTake(member.Seats[(int)of], lanes.Ready.WantedOf(of), out var room);
                if (!waitsForRoom[(int)of])
                {
                    budget.Reserve(room.Permits);
                    Launch(lanes.Ready.Next(of), of, room);
                }
            }
        }
    }

    /// <summary>The marks are committed.</summary>
    internal void AfterCommit()
    {
        var permits = budget.TakeSecured();
        if (armed.Count > 0 || permits > 0)
        {
            channel.Dispatch(member, armed, permits);
            armed.Clear();
            if (armedBytes >= MostArmedBytes)
            {
                // The others go in the next transaction, and those of the other lanes first: where large bodies end each one early, none is always the last.
                ordinaryFirst = !ordinaryFirst;
                mailbox.Post(ChannelMessage.Room.Instance);
            }

            armedBytes = 0;
        }
    }

    static ReadOnlySpan<CallClass> OrdinaryFirst => [CallClass.Ordinary, CallClass.Invoice, CallClass.KeyAccount, CallClass.Priority];

    void Launch(CallLane lane, CallClass of, in Admission room)
    {
        var first = Marked(lane, 0, of, room);
        Arm(lane, 0, first);
        if (room.MostOfLane > 1 && lane.Count > 1 && runs.Behind(lane, of, room.MostOfLane, clock()) is { Count: > 0 } behind)
        {
            Follow(lane, behind, first.Call);
        }
    }

    /// <summary>Those behind the first one go along as far as there is room, and as they go into one batch with it.</summary>
    void Follow(CallLane lane, IReadOnlyList<int> behind, OutboundCall first)
    {
        var seat = member.Seats[(int)first.Class];
        var most = channel.TakeMore(seat, behind.Count, out var room);
        budget.Reserve(room.Permits);
        var left = first.Body is null ? long.MaxValue : channel.Options.BatchBytes - BatchBody.Frame - BatchBody.LengthOf(first);
        var taken = 0;
        while (taken < most && armedBytes < MostArmedBytes)
        {
            var next = Marked(lane, behind[taken], first.Class, room);
            left -= next.Call.Body is null ? 0 : BatchBody.LengthOf(next.Call);
            if (left < 0)
            {
                break;
            }

            Arm(lane, behind[taken], next);
            taken++;
        }

        if (taken > 0)
        {
            lanes.Reach(lane, lane.NoAt(behind[taken - 1]));
        }

        if (taken < most)
        {
            channel.GiveBack(seat, most - taken);
        }
    }

    /// <summary>A call as it is when it is under way, and what goes to the channel of it.</summary>
    (CallState State, OutboundCall Call) Marked(CallLane lane, int at, CallClass of, in Admission room)
    {
        var (key, state) = (lane.KeyAt(at), lanes.StateAt(lane, at));
        if (state.IsUnderWay)
        {
            // It was sent when no order was asked for, and a restart with order put it behind another.
            state = CallDecider.Recover(state);
            budget.Recover();
        }

        // A question decides nothing of a call's bytes: what it finds was sent before, by a state that is lost.
        state = CallDecider.Launch(state.Phase is CallPhase.Waiting or CallPhase.RetryAt ? CallDecider.Freeze(state, room.LeavesOutInvoice, isReversal: key.N > 0) : state);
        var body = calls.Body(key, state);

        // A probe goes alone: one call is enough to learn from.
        return (state, new(member, key, lane.Key, state.Phase == CallPhase.Asking ? null : body, body.Length, state.Singly || room.IsProbe) { Class = of, IsProbe = room.IsProbe });
    }

    void Arm(CallLane lane, int at, in (CallState State, OutboundCall Call) marked)
    {
        calls.Save(marked.Call.Key, marked.State);
        lanes.UnderWay(lane, at, marked.State);
        armedBytes += marked.Call.Body?.Length ?? 0;
        armed.Add(marked.Call);
    }
}
