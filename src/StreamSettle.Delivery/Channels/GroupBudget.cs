using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Groups;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>
/// The shares of this process's partitions, pooled: a call of any of them may go by any one's permit. Other instances have the other partitions' shares, so none
/// needs to know what the others do; and a share moves with its partition, with what was used of it.
/// </summary>
internal sealed class GroupBudget(DownstreamOptions options, GroupSeat seat) : IRequestBudget
{
    readonly int partitions = seat.Partitions;
    readonly TurnList turns = new(seat.Run);
    readonly List<ChannelMember> members = [];
    readonly Evenness evenness = new(options.RateWindow);
    int asked;
    int secured;

    public IReadOnlyList<RateRule> Learned { get; private set; } = [];

    public TimeSpan LongestInForce { get; private set; } = options.RateWindow;

    IEnumerable<RateRule> Rules => options.RateLimit is { } limit ? Learned.Append(new(limit, options.RateWindow)) : Learned;

    bool IsLimited => options.RateLimit is not null || Learned.Count > 0;

    public void Learn(RateReading reading, MonotonicInstant now)
    {
        if (reading.Rules.Count > 0)
        {
            Learn(RateRules.After(Learned, reading), now);
        }
    }

    public void Learn(IReadOnlyList<RateRule> rules, MonotonicInstant now)
    {
        if (rules.Count == 0 || rules.SequenceEqual(Learned))
        {
            return;
        }

        Learned = rules;
        LongestInForce = rules.Select(rule => rule.Window ?? options.RateWindow).Append(options.RateWindow).Max();
        members.ForEach(member => member.Ledger!.Learn(rules));
        Spread(members, now);
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
        Spread([member], now);
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
            turns.Leave(member);
            Spread([], now);
        }
    }

    public long Free(MonotonicInstant now)
    {
        if (turns.IsInForce)
        {
            // A call is taken when its turn is there: it would be marked as under way long before, else.
            return secured;
        }

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
        while (!turns.IsInForce && asked + secured < requests && evenness.Free(now) > 0 && Lender(taker, now) is { } lender)
        {
            lender.Ledger!.Ask(now);
            if (IsLimited)
            {
                evenness.Use(now);
            }

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

    public void Want(long requests, MonotonicInstant now, ChannelEffects effects)
    {
        while (turns.IsInForce && asked + secured < requests && Lender(taker: null, now) is { } lender && turns.Claim(lender, now) is { } claim)
        {
            lender.Ledger!.Ask(now);
            asked++;
            effects.Tell(lender, new ChannelMessage.Claim(claim));
        }
    }

    /// <summary>The group's log tells of a turn.</summary>
    internal void Hear(GroupRecord record, TimeSpan window, int index, MonotonicInstant now, ChannelEffects effects)
    {
        switch (record)
        {
            case GroupRecord.Claimed claimed when turns.Hear(claimed, window, index) is { } decided:
                Decide(decided, now, effects);
                break;
            case GroupRecord.Over over:
                turns.Hear(over, window, index, now);
                break;
        }
    }

    public void Start(DownstreamRequest request)
    {
        // Its own first: the answer then ends both in one message.
        var sender = request.Calls[0].Member;
        var charged = sender is { HasLeft: false, Ledger.Secured: > 0 } ? sender : members.Find(member => member.Ledger!.Secured > 0)!;
        charged.Ledger!.Start();
        secured--;
        request.Charged = charged;
        request.Claim = charged.Turns.TryDequeue(out var claim) ? claim : null;
    }

    public void Finish(DownstreamRequest request, MonotonicInstant now, ChannelEffects effects)
    {
        // Of one that has left whoever has the partition now counts it as used, and ends its turns.
        if (request.Charged is { HasLeft: false } charged)
        {
            charged.Ledger!.Complete(now);
            if (request.Claim is { } claim)
            {
                effects.Tell(charged, new ChannelMessage.ClaimEnded(claim, claim.Turns, Unused: false));
            }
        }
    }

    public void Tick(MonotonicInstant now, ChannelEffects effects)
    {
        foreach (var member in members)
        {
            var permits = member.Ledger!.GiveUp(now);
            secured -= permits;
            for (; permits > 0 && member.Turns.TryDequeue(out var claim); permits--)
            {
                effects.Tell(member, new ChannelMessage.ClaimEnded(claim, claim.Turns, Unused: true));
            }

            if (permits > 0)
            {
                effects.Tell(member, new ChannelMessage.GivenUp(permits));
            }
        }
    }

    public IReadOnlyList<RateQuota> ShareOf(IReadOnlyList<RateQuota> quotas) =>
        turns.IsInForce ? quotas : [.. quotas.Select(quota => quota with { Remaining = (long)((Int128)quota.Remaining * members.Count / partitions) })];

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

    /// <summary>All is decided of a claim: it is a permit, or nothing.</summary>
    void Decide(TurnClaim claim, MonotonicInstant now, ChannelEffects effects)
    {
        asked--;
        var ledger = claim.Member.Ledger!;
        if (claim.Won.Count == claim.Turns.Length && claim.AskedAt + PartitionLedger.PermitAge > now)
        {
            secured++;
            ledger.Secure(1);
            claim.Member.Turns.Enqueue(claim);
        }
        else
        {
            ledger.Withdraw();
            effects.Tell(claim.Member, new ChannelMessage.ClaimEnded(claim, claim.Won, Unused: true));
        }
    }

    /// <summary>Limits or partitions are others: large limits are spread over their windows, small ones go by turns.</summary>
    /// <param name="newcomers">Whose requests of before turns have to rest for.</param>
    void Spread(IReadOnlyList<ChannelMember> newcomers, MonotonicInstant now)
    {
        var (small, large) = (new List<(TimeSpan, long)>(), new List<RateRule>());
        foreach (var rule in Rules)
        {
            if (Shares.IsSmall(rule.Limit, partitions))
            {
                small.Add((rule.Window ?? options.RateWindow, rule.Limit));
            }
            else
            {
                large.Add(rule with { Limit = members.Sum(member => Shares.Of(rule.Limit, member.Partition, partitions)) });
            }
        }

        evenness.Learn(large);
        turns.Learn(small, window => newcomers.Any(member => member.Ledger!.Used(window, now) > 0), now);
    }
}
