using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Says whether marks may fire. Closed after a start until the source has been read up to where it stood at that start, so that what happened while
/// the service was down counts; closed while the wall clock jumps, and while the event log is too far behind (back-pressure). Thread-safe.
/// </summary>
public sealed class FiringGate(ClockGuard guard)
{
    volatile IReadOnlyDictionary<TopicPartition, long>? targets;
    readonly System.Collections.Concurrent.ConcurrentDictionary<TopicPartition, bool> reached = new();
    volatile string? pressure;

    /// <summary>The topic of orders stood at these end offsets when everything up to the start was in the log.</summary>
    public void SourceRead(IReadOnlyDictionary<TopicPartition, long> endOffsets) => targets = endOffsets;

    /// <summary>Stops firing while the reason stands; null lets go.</summary>
    public void Press(string? reason) => pressure = reason;

    /// <summary>Told by the clock task of <paramref name="partition"/>: its next offset. True when its marks may fire now.</summary>
    public bool MayFire(TopicPartition partition, long position) => Reached(partition, position) && MayFireAnything();

    /// <summary>True when every partition of the source has been processed up to the start and nothing else stands in the way.</summary>
    public bool IsOpen => targets is { } all && AllReached(all) && MayFireAnything();

    /// <summary>True when orders that all clock tasks have fired may be calculated: that they fired them in this run says that the source was read.</summary>
    public bool MayRelease => targets is not null && MayFireAnything();

    /// <summary>Why nothing fires, for people; empty when it is open.</summary>
    public IReadOnlyList<string> Reasons()
    {
        List<string> reasons = [];
        if (targets is not { } all)
        {
            reasons.Add("the source has not been read yet up to where it stood at the start");
        }
        else if (!AllReached(all))
        {
            reasons.Add("changes of the source from before the start are still being processed");
        }

        if (guard.Check() is ClockState.Suspended suspended)
        {
            reasons.Add($"the wall clock jumped by {suspended.Jump} at {suspended.Since}: firing goes on when both clocks have agreed for {ClockGuard.AgreementNeeded}");
        }

        if (pressure is { } reason)
        {
            reasons.Add(reason);
        }

        return reasons;
    }

    bool Reached(TopicPartition partition, long position)
    {
        if (reached.ContainsKey(partition))
        {
            return true;
        }

        if (targets is not { } all || (all.TryGetValue(partition, out var target) && position < target))
        {
            return false;
        }

        reached[partition] = true;
        return true;
    }

    bool AllReached(IReadOnlyDictionary<TopicPartition, long> all) => all.All(target => target.Value == 0 || reached.ContainsKey(target.Key));

    bool MayFireAnything() => pressure is null && guard.Check() is ClockState.Agreeing;
}
