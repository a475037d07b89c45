using System.Collections.Immutable;
using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Delivery.Processing;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;

namespace StreamSettle.Delivery.Holds;

/// <summary>
/// The calls of one task that a hold keeps back. Everything, a merchant and a system hold whole lanes, whose order stays. A held order's call steps out of its lane, as a
/// dead letter does, and lets those behind it go; it comes back at the end. Only sending is held: to ask what became of a call moves nothing, nor does the invoice of a confirmed one.
/// </summary>
internal sealed class HeldCalls(ProcessorContext context, DownstreamChannel channel, LaneQueues lanes, CallStore calls, DeliveryOutputs outputs, HeldReturn returns)
{
    /// <summary>Most calls that settlement is told of in one look, which bounds the transaction.</summary>
    internal const int MostTold = 1_000;

    readonly Dictionary<LaneKey, HeldLane> heldLanes = [];
    readonly List<CallKey> apart = calls.Apart();
    readonly Queue<HeldTelling> tellings = new();
    HoldSet? seen;
    UtcInstant? expiry;

    /// <summary>Calls that wait apart from their lanes.</summary>
    internal int ApartCount => apart.Count;

    /// <summary>Sets lanes and calls aside that are held; true when the first call of the lane whose turn it is may go.</summary>
    internal bool HasFree(CallClass of)
    {
        while (lanes.Ready.CountOf(of) > 0)
        {
            var holds = channel.Holds.Current;
            if (holds.Unreleased == 0)
            {
                return true;
            }

            var (lane, now) = (lanes.Ready.First(of), context.SystemTime);
            var state = lanes.StateAt(lane, 0);
            if (state.Phase is not (CallPhase.Waiting or CallPhase.RetryAt))
            {
                return true;
            }

            if (holds.OnLane(state.Merchant, channel.Leg, now) is { IsEmpty: false } by)
            {
                lanes.Ready.Next(of);
                heldLanes.Add(lane.Key, new(lane, by));
                Tell(lane, by);
            }
            else if (holds.On(HoldScope.Of(lane.Head.Order), now) is { } ofOrder)
            {
                lanes.Ready.Next(of);
                StepOut(lane, state, ofOrder);
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A call's order is held: it does not go along with those before it, and steps out of its lane when it is the first.</summary>
    internal bool IsOrderHeld(CallKey call) => channel.Holds.Current.On(HoldScope.Of(call.Order), context.SystemTime) is not null;

    /// <summary>A call was put at the end of its lane.</summary>
    internal void Appended(LaneKey lane, CallKey call, in CallState state)
    {
        if (heldLanes.TryGetValue(lane, out var held))
        {
            Tell(call, state, held.By);
        }
    }

    /// <summary>Looks whether the holds are others, and tells what is still to be told.</summary>
    internal void Tick()
    {
        var (holds, now) = (channel.Holds.Current, context.SystemTime);
        if (!ReferenceEquals(holds, seen) || now >= expiry)
        {
            (seen, expiry) = (holds, holds.NextExpiry(now));
            LookAtLanes(holds, now);
            LookAtOrders(holds, now);
        }

        for (var left = MostTold; left > 0 && tellings.TryDequeue(out var telling);)
        {
            left -= TellOn(telling, left);
        }
    }

    void LookAtLanes(HoldSet holds, UtcInstant now)
    {
        foreach (var (key, held) in heldLanes.ToArray())
        {
            var by = holds.OnLane(key.Merchant, channel.Leg, now);
            if (by.IsEmpty)
            {
                heldLanes.Remove(key);
                lanes.GoOn(held.Lane);
                continue;
            }

            heldLanes[key] = held with { By = by };
            if (by.RemoveAll(hold => held.By.Any(told => told.Scope == hold.Scope)) is { IsEmpty: false } more)
            {
                Tell(held.Lane, more);
            }
        }
    }

    void LookAtOrders(HoldSet holds, UtcInstant now)
    {
        foreach (var call in apart.Where(call => holds.On(HoldScope.Of(call.Order), now) is null).ToArray())
        {
            apart.Remove(call);
            calls.UnmarkApart(call);
            returns.Enqueue(call, calls.Load(call));
        }
    }

    void StepOut(CallLane lane, in CallState state, Hold by)
    {
        var call = lane.Head;
        calls.Dequeue(state);
        calls.Save(call, state with { Phase = CallPhase.Waiting });
        calls.MarkApart(call);
        apart.Add(call);
        Tell(call, state, [by]);
        lanes.Remove(lane, 0);
    }

    /// <summary>Those of a lane of its own stand alone; behind others the store knows more.</summary>
    void Tell(CallLane lane, ImmutableArray<Hold> by) => tellings.Enqueue(new(lane.Key, lane.HeadNo, returns.NextNo(), by));

    /// <returns>How many calls were told of.</returns>
    int TellOn(in HeldTelling telling, int most)
    {
        if (!heldLanes.TryGetValue(telling.Lane, out var held))
        {
            return 0;
        }

        if (telling.Lane.Solo != 0)
        {
            Tell(held.Lane.Head, calls.Load(held.Lane.Head), telling.By);
            return 1;
        }

        var told = calls.Queued(telling.Lane, telling.FromNo, telling.EndNo, most);
        foreach (var (_, call) in told)
        {
            Tell(call, calls.Load(call), telling.By);
        }

        if (told.Count == most)
        {
            tellings.Enqueue(telling with { FromNo = told[^1].No + 1 });
        }

        return told.Count;
    }

    void Tell(CallKey call, in CallState state, ImmutableArray<Hold> by)
    {
        foreach (var hold in by)
        {
            outputs.Forward(new(DeliveryOutcome.Held, call, state.Merchant, state.Attempts, context.SystemTime, hold.Scope.ToString(), hold.By, hold.Id, hold.Reason));
        }
    }
}
