using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>What of a system's terms the tasks' stores have, and the other instances know. Not thread-safe.</summary>
/// <param name="isShared">There are other instances.</param>
internal sealed class ChannelTerms(DownstreamOptions options, bool isShared)
{
    SystemTerms kept = new() { BatchSize = options.BatchSize, ConfiguredBatchSize = options.BatchSize };
    SystemTerms? told;
    bool mayBeLost;

    /// <summary>When what is kept became so.</summary>
    internal UtcInstant ToldAt => kept.ToldAt;

    /// <summary>A task is gone: what it was given to keep and to tell, it may not have committed.</summary>
    internal void MayBeLost() => (mayBeLost, told) = (true, null);

    /// <summary>A store or another instance has them.</summary>
    /// <returns>Whether nobody has said anything since.</returns>
    internal bool TakeUp(SystemTerms terms)
    {
        var isLatest = terms.ToldAt > kept.ToldAt;
        kept = isLatest ? terms : kept;
        return isLatest;
    }

    /// <summary>Another instance told them: so all know.</summary>
    internal void Heard(SystemTerms terms, MonotonicInstant now) => told = terms.ToldAt == kept.ToldAt ? kept.ForOthers(now) : told;

    /// <summary>What others do not know yet; null where they do, or where there are none.</summary>
    internal SystemTerms? News(SystemTerms terms, MonotonicInstant now)
    {
        var ours = terms.ForOthers(now);
        return !isShared || (told is not null && ours.SaysTheSameAs(told.ForOthers(now))) ? null : told = ours;
    }

    /// <summary>The system's terms where they are not what is kept; each later than the one before, whatever the clock says.</summary>
    internal SystemTerms? Changed(SystemTerms terms, UtcInstant wall)
    {
        if (!mayBeLost && terms.SaysTheSameAs(kept))
        {
            return null;
        }

        var next = kept.ToldAt + TimeSpan.FromMicroseconds(1);
        mayBeLost = false;
        return kept = terms with { ToldAt = wall > next ? wall : next };
    }
}
