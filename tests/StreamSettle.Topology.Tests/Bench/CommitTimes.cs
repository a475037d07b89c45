namespace StreamSettle.Topology.Tests.Bench;

/// <summary>When the shop's transactions were committed: each at an instant of its own, later than all before it.</summary>
sealed class CommitTimes
{
    readonly Dictionary<long, UtcInstant> known = [];
    UtcInstant last;

    public UtcInstant Of(long commit, UtcInstant now)
    {
        if (!known.TryGetValue(commit, out var at))
        {
            known[commit] = at = last = now > last ? now : last + TimeSpan.FromMicroseconds(1);
        }

        return at;
    }
}
