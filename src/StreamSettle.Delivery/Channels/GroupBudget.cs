using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>
/// The shares of this process's partitions, pooled: a call of any of them may go by any one's permit. Other instances have the other partitions' shares, so none
/// needs to know what the others do; and a share moves with its partition, with what was used of it.
/// </summary>
/// <param name="partitions">Of the whole group.</param>
internal sealed class GroupBudget(DownstreamOptions options, int partitions) : IRequestBudget
{
    readonly List<ChannelMember> members = [];
    readonly Evenness evenness = new(options.RateWindow);
    int asked;
    int secured;

    public IReadOnlyList<RateRule> Learned { get; private set; } = [];

    public TimeSpan LongestInForce { get; private set; } = options.RateWindow;

    IEnumerable<RateRule> Rules => options.RateLimit is { } limit ? Learned.Append(new(limit, options.RateWindow)) : Learned;

    bool IsLimited => options.RateLimit is not null || Learned.Count > 0;

    public void Learn(RateReading reading)
    {
        if (reading.Rules.Count > 0)
        {
            Learn(RateRules.After(Learned, reading));
        }
    }

    public void Learn(IReadOnlyList<RateRule> rules)
    {
        if (rules.Count == 0 || rules.SequenceEqual(Learned))
        {
            return;
        }

        Learned = rules;
        LongestInForce = rules.Select(rule => rule.Window ?? options.RateWindow).Append(options.RateWindow).Max();
        members.ForEach(member => member.Ledger!.Learn(rules));
        SpreadEvenly();
    }

    public void Join(ChannelMember member, IReadOnlyList<(MonotonicInstant At, long Count)> used, long mayBeUsed, MonotonicInstant now)
    {
        var ledger = member.Ledger = new(member.Partition, partitions, options.RateLimit, options.RateWindow);

        // Before the counts: a window that was learned counts finer than the one that remembers for all.
        ledger.Learn(Learned);
        foreach (var (at, count) in used)
        {
            ledger.Use(at, count);
        }

        if (mayBeUsed > 0)
        {
            ledger.Use(MayBeUsedUntil(options, now), mayBeUsed);
        }

        members.Add(member);
        SpreadEvenly();
    }

    /// <summary>
    /// Until when a request may be made, and counted by the system, that was reserved when its process was replaced: one that only stood still may start it as long
    /// as its permit holds, and it takes its time.
    /// </summary>
    internal static MonotonicInstant MayBeUsedUntil(DownstreamOptions options, MonotonicInstant now) => now + PartitionLedger.PermitAge + options.Timeout;

    public void Leave(ChannelMember member, MonotonicInstant now)
    {
        if (members.Remove(member))
        {
            asked -= member.Ledger!.Asked;
            secured -= member.Ledger.Secured;
            SpreadEvenly();
        }
    }

    public long Free(MonotonicInstant now)
    {
        if (!IsLimited)
        {
            return int.MaxValue;
        }

        var free = 0L;
        foreach (var member in members)
        {
            free += member.Ledger!.Free(now);
        }

        return asked + secured + Math.Min(free, evenness.Free(now));
    }

    public long Startable(MonotonicInstant now) => secured;

    public int Provide(long requests, ChannelMember? taker, MonotonicInstant now, ChannelEffects effects)
    {
        var own = 0;
        while (asked + secured < requests && evenness.Free(now) > 0 && Lender(taker, now) is { } lender)
        {
            lender.Ledger!.Ask(now);
            evenness.Use(now);
            asked++;
            if (lender == taker)
            {
                own++;
            }
            else
            {
                effects.Tell(lender, ChannelMessage.Reserve.Instance);
            }
        }

        return own;
    }

    /// <summary>Permits that were asked for are committed as reserved.</summary>
    internal void Secure(ChannelMember member, int permits)
    {
        member.Ledger!.Secure(permits);
        asked -= permits;
        secured += permits;
    }

    public ChannelMember Start(ChannelMember sender)
    {
        // Its own first: the answer then ends both in one message.
        var charged = sender is { HasLeft: false, Ledger.Secured: > 0 } ? sender : members.Find(member => member.Ledger!.Secured > 0)!;
        charged.Ledger!.Start();
        secured--;
        return charged;
    }

    public void Finish(ChannelMember charged, MonotonicInstant now)
    {
        // Of one that has left whoever has the partition now counts it as used.
        if (!charged.HasLeft)
        {
            charged.Ledger!.Complete(now);
        }
    }

    public void Tick(MonotonicInstant now, ChannelEffects effects)
    {
        foreach (var member in members)
        {
            if (member.Ledger!.GiveUp(now) is > 0 and var permits)
            {
                secured -= permits;
                effects.Tell(member, new ChannelMessage.GivenUp(permits));
            }
        }
    }

    public IReadOnlyList<RateQuota> ShareOf(IReadOnlyList<RateQuota> quotas) =>
        [.. quotas.Select(quota => quota with { Remaining = (long)((Int128)quota.Remaining * members.Count / partitions) })];

    public BudgetUse Seen(MonotonicInstant now)
    {
        var (seen, least) = (new BudgetUse(null, 0, null), long.MaxValue);
        foreach (var rule in Rules)
        {
            var (share, used) = (0L, 0L);
            foreach (var member in members)
            {
                share += Shares.Of(rule.Limit, member.Partition, partitions);
                used += member.Ledger!.Used(rule.Window ?? options.RateWindow, now);
            }

            if (share - used < least)
            {
                (seen, least) = (new(share, used, rule.Limit), share - used);
            }
        }

        return seen;
    }

    /// <summary>Who has a permit to give: the taker, else whoever has most.</summary>
    ChannelMember? Lender(ChannelMember? taker, MonotonicInstant now)
    {
        if (taker is not null && taker.Ledger!.Free(now) > 0)
        {
            return taker;
        }

        var (lender, most) = ((ChannelMember?)null, 0L);
        foreach (var member in members)
        {
            if (member.Ledger!.Free(now) is var free && free > most)
            {
                (lender, most) = (member, free);
            }
        }

        return lender;
    }

    void SpreadEvenly() =>
        evenness.Learn([.. Rules.Select(rule => rule with { Limit = members.Sum(member => Shares.Of(rule.Limit, member.Partition, partitions)) })]);
}
