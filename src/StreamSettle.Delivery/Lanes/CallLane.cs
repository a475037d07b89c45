using StreamSettle.Delivery.Calls;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Lanes;

/// <summary>A lane with its first call, the only one that may be under way. The others are in the store; some of them are read ahead.</summary>
internal sealed class CallLane(LaneKey key)
{
    /// <summary>Calls read ahead of their turn, at most.</summary>
    internal const int MaxAhead = 32;

    readonly Queue<(long No, CallKey Key)> ahead = new();

    internal LaneKey Key { get; } = key;

    internal CallKey Head { get; private set; }

    internal long HeadNo { get; private set; }

    /// <summary>The first call's state; null until it was read.</summary>
    internal CallState? State { get; set; }

    /// <summary>Calls in the lane, the first one too.</summary>
    internal int Count { get; private set; }

    /// <summary>Puts a call behind all others.</summary>
    /// <returns>Whether it is the first.</returns>
    internal bool Append(long no, CallKey call)
    {
        Count++;
        if (Count == 1)
        {
            (HeadNo, Head, State) = (no, call, null);
            return true;
        }

        if (ahead.Count < MaxAhead && ahead.Count == Count - 2)
        {
            ahead.Enqueue((no, call));
        }

        return false;
    }

    /// <summary>Takes the first call off; the next one is first.</summary>
    /// <param name="calls">Is read where only the store knows more.</param>
    /// <returns>False when the lane is empty.</returns>
    internal bool Advance(CallStore calls)
    {
        if (ahead.Count == 0 && Count > 1)
        {
            calls.ReadAhead(this, HeadNo, ahead);
        }

        Count--;
        State = null;
        if (Count == 0)
        {
            return false;
        }

        (HeadNo, Head) = ahead.Dequeue();
        return true;
    }
}
