using StreamSettle.Delivery.Calls;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Lanes;

/// <summary>
/// A lane with its first calls; the others are in the store. Under way is its first call alone or, where the system takes batches in order, a run of calls from the first one on:
/// the next ones go when all of these are answered. States are known of calls from the first one on; of one whose state is not known nothing was under way since the start.
/// </summary>
internal sealed class CallLane(LaneKey key)
{
    /// <summary>Calls read ahead of their turn, at most, while nothing asks for more.</summary>
    internal const int MaxAhead = 32;

    /// <summary>Places at the beginning that are free: a run leaves from the front, call by call, and what is behind it is not to be moved up for each.</summary>
    const int MostFree = 64;

    readonly List<(long No, CallKey Key)> front = [];
    readonly List<CallState> states = [];
    int start;

    internal LaneKey Key { get; } = key;

    internal CallKey Head => front[start].Key;

    internal long HeadNo => front[start].No;

    /// <summary>The first call's state; null until it was read.</summary>
    internal CallState? State => states.Count > start ? states[start] : null;

    /// <summary>Calls in the lane, the first one too.</summary>
    internal int Count { get; private set; }

    /// <summary>Calls of which the state is known.</summary>
    internal int Known => states.Count - start;

    /// <summary>Calls that are under way.</summary>
    internal int Pending { get; set; }

    /// <summary>The queue number up to which calls were under way; 0 where no more than one ever was.</summary>
    internal long Reach { get; set; }

    /// <summary>The class that it is ready as; null where it is not.</summary>
    internal CallClass? ReadyAs { get; set; }

    /// <summary>Of a call that was read.</summary>
    internal CallKey KeyAt(int at) => front[start + at].Key;

    /// <summary>Of a call that was read.</summary>
    internal long NoAt(int at) => front[start + at].No;

    /// <summary>Of a call whose state is known.</summary>
    internal CallState StateAt(int at) => states[start + at];

    /// <summary>Where a call is whose state is known; negative for none.</summary>
    internal int IndexOf(CallKey call)
    {
        for (var at = start; at < states.Count; at++)
        {
            if (front[at].Key == call)
            {
                return at - start;
            }
        }

        return -1;
    }

    /// <summary>Puts a call behind all others.</summary>
    /// <returns>Whether it is the first.</returns>
    internal bool Append(long no, CallKey call)
    {
        if (front.Count - start == Count && Count <= MaxAhead)
        {
            front.Add((no, call));
        }

        Count++;
        return Count == 1;
    }

    /// <param name="at">At most the first one whose state is not known yet.</param>
    internal void Set(int at, in CallState state)
    {
        if (at == Known)
        {
            states.Add(state);
        }
        else
        {
            states[start + at] = state;
        }
    }

    /// <summary>Takes a call out; those behind it move up.</summary>
    /// <param name="calls">Is read where only the store knows more.</param>
    internal void RemoveAt(int at, CallStore calls)
    {
        var no = NoAt(at);
        if (at == 0 && Known > 0)
        {
            start++;
        }
        else
        {
            front.RemoveAt(start + at);
            if (at < Known)
            {
                states.RemoveAt(start + at);
            }
        }

        if (start == front.Count || start > MostFree)
        {
            front.RemoveRange(0, start);
            states.RemoveRange(0, start);
            start = 0;
        }

        Count--;
        if (front.Count == 0 && Count > 0)
        {
            calls.ReadAhead(this, no, front, 1 + MaxAhead);
        }
    }

    /// <summary>Reads calls of the lane until so many are there, or all.</summary>
    internal void Extend(int most, CallStore calls)
    {
        if (front.Count - start < Math.Min(most, Count))
        {
            calls.ReadAhead(this, front[^1].No, front, start + Math.Max(most, front.Count - start + MaxAhead));
        }
    }
}
