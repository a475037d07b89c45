using StreamSettle.Delivery.Budgets;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>
/// How many requests a system's limits leave to this process (I11): of all, where all partitions are its own for ever (<see cref="WholeBudget"/>), or of its
/// partitions' shares (<see cref="GroupBudget"/>). Not thread-safe; time comes with each call.
/// </summary>
internal interface IRequestBudget
{
    /// <summary>What the system said last of its limits, over all who call it.</summary>
    IReadOnlyList<RateRule> Learned { get; }

    /// <summary>The longest window of any limit in force, or the configured one.</summary>
    TimeSpan LongestInForce { get; }

    /// <summary>Takes up what an answer says.</summary>
    void Learn(RateReading reading, MonotonicInstant now);

    /// <summary>These limits hold from now on; none changes nothing.</summary>
    void Learn(IReadOnlyList<RateRule> rules, MonotonicInstant now);

    /// <summary>A task came.</summary>
    /// <param name="used">Requests as its store remembers them.</param>
    /// <param name="mayBeUsed">Requests of which it does not know whether they were made, or when.</param>
    void Join(ChannelMember member, IReadOnlyList<(MonotonicInstant At, long Count)> used, long mayBeUsed, MonotonicInstant now);

    void Leave(ChannelMember member, MonotonicInstant now);

    /// <summary>Requests that calls may be taken for: those that may start, and those that could be allowed.</summary>
    long Free(MonotonicInstant now);

    /// <summary>Requests that may start now.</summary>
    long Startable(MonotonicInstant now);

    /// <summary>Sees to it that so many requests may start soon, as far as there is room.</summary>
    /// <param name="taker">Who takes a call in the transaction that it is in: its own share is asked first, as that costs no other transaction. Null for nobody.</param>
    /// <returns>Permits that the taker has to reserve in that transaction.</returns>
    int Provide(long requests, ChannelMember? taker, MonotonicInstant now, ChannelEffects effects);

    /// <summary>Calls are waiting that need so many requests, and are not taken before these may start.</summary>
    void Want(long requests, MonotonicInstant now, ChannelEffects effects);

    /// <summary>The request starts, by somebody's share: <see cref="DownstreamRequest.Charged"/>.</summary>
    void Start(DownstreamRequest request);

    /// <summary>The request is over.</summary>
    void Finish(DownstreamRequest request, MonotonicInstant now, ChannelEffects effects);

    /// <summary>Time has passed.</summary>
    void Tick(MonotonicInstant now, ChannelEffects effects);

    /// <summary>The share of what a system says is left for all.</summary>
    IReadOnlyList<RateQuota> ShareOf(IReadOnlyList<RateQuota> quotas);

    /// <summary>The tightest limit, for people.</summary>
    BudgetUse Seen(MonotonicInstant now);
}
