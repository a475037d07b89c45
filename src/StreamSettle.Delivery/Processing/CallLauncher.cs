using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Holds;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Streams.Processors;

namespace StreamSettle.Delivery.Processing;

/// <summary>
/// Marks as many first calls of lanes as under way as the channel has room for, and hands them over when that is committed. What a call's bytes are is decided in the
/// transaction of its first mark (I4).
/// </summary>
internal sealed class CallLauncher(DownstreamChannel channel, CallStore calls, LaneQueues lanes, TaskBudget budget, HeldCalls held)
{
    /// <summary>Frozen bytes above which no more calls are marked in one transaction: the channel counts them only when it is committed.</summary>
    const long MostArmedBytes = 4 * 1024 * 1024;

    readonly List<OutboundCall> armed = [];
    readonly bool[] waitsForRoom = new bool[CallClasses.Count];
    ChannelMember member = null!;
    Mailbox<ChannelMessage> mailbox = null!;
    long armedBytes;
    bool ordinaryFirst;

    internal void Open(ChannelMember seat, Mailbox<ChannelMessage> messages) => (member, mailbox) = (seat, messages);

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
                waitsForRoom[(int)of] = !channel.TryTake(member.Seats[(int)of], lanes.Ready.CountOf(of), out var room);
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
        var state = lane.State ?? calls.Load(lane.Head);
        if (state.IsUnderWay)
        {
            // It was sent when no order was asked for, and a restart with order put it behind another.
            state = CallDecider.Recover(state);
            budget.Recover();
        }

        state = CallDecider.Launch(CallDecider.Freeze(state, room.LeavesOutInvoice, isReversal: lane.Head.N > 0));
        calls.Save(lane.Head, state);
        lanes.UnderWay(lane, state);
        var body = calls.Body(lane.Head, state);
        armedBytes += state.Phase == CallPhase.Asking ? 0 : body.Length;

        // A probe goes alone: one call is enough to learn from.
        armed.Add(new(member, lane.Head, lane.Key, state.Phase == CallPhase.Asking ? null : body, body.Length, state.Singly || room.IsProbe) { Class = of, IsProbe = room.IsProbe });
    }
}
