using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>All of a system's budget: no other process makes calls. A call marked as under way is what a request is known by after a crash.</summary>
internal sealed class WholeBudget(DownstreamOptions options) : IRequestBudget
{
    readonly SlidingBudget budget = new(options.RateLimit, options.RateWindow);
    readonly Dictionary<int, MonotonicInstant> leftAt = [];

    public IReadOnlyList<RateRule> Learned => budget.Learned;

    public TimeSpan LongestInForce => budget.LongestInForce;

    public void Learn(RateReading reading, MonotonicInstant now) => budget.Learn(reading);

    public void Learn(IReadOnlyList<RateRule> rules, MonotonicInstant now) => budget.Learn(rules);

    public void Join(ChannelMember member, IReadOnlyList<(MonotonicInstant At, long Count)> used, long mayBeUsed, MonotonicInstant now)
    {
        // What happened before the partition left this process is still in memory.
        var known = leftAt.GetValueOrDefault(member.Partition, new(long.MinValue));
        foreach (var (at, count) in used)
        {
            if (at >= known)
            {
                budget.Use(at, count);
            }
        }

        if (mayBeUsed > 0)
        {
            budget.Use(now, mayBeUsed);
        }
    }

    public void Leave(ChannelMember member, MonotonicInstant now) => leftAt[member.Partition] = now;

    public long Free(MonotonicInstant now) => budget.Free(now);

    public long Startable(MonotonicInstant now) => budget.Free(now);

    public int Provide(long requests, ChannelMember? taker, MonotonicInstant now, ChannelEffects effects) => 0;

    public void Want(long requests, MonotonicInstant now, ChannelEffects effects)
    {
    }

    public void Start(DownstreamRequest request)
    {
        request.Charged = request.Calls[0].Member;
        budget.Reserve();
    }

    public void Finish(DownstreamRequest request, MonotonicInstant now, ChannelEffects effects) => budget.Complete(now);

    public void Tick(MonotonicInstant now, ChannelEffects effects)
    {
    }

    public IReadOnlyList<RateQuota> ShareOf(IReadOnlyList<RateQuota> quotas) => quotas;

    public BudgetUse Seen(MonotonicInstant now)
    {
        var (limit, used, _) = budget.Tightest(now);
        return new(limit, used, limit);
    }
}
