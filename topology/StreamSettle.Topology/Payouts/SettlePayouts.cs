using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Settlement.Results;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Payouts;

/// <summary>
/// Keeps splits back that could go but for their payout terms, and lets them go: by the time from which on they may, of those the older mark first, a bounded number at a
/// time. What a person holds is delivery's to keep back after that.
/// </summary>
/// <param name="ordersMax">Most splits that are looked at in one punctuation, which bounds the transaction.</param>
sealed class SettlePayouts(ProcessorContext context, Settlements settlements, PayoutWindow window, SettleTransactor transactor, SettleOutputs outputs, int ordersMax)
{
    /// <summary>How often those are looked at of which nobody could say when they may go: a merchant's row may have been corrected.</summary>
    static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    WaitingPayouts Waiting => settlements.Payouts;

    MonotonicInstant? looked;
    byte[]? next = [];

    /// <summary>What keeps the split back that may go with this result; null for nothing, and for any other result.</summary>
    public PayoutDeferral? Weigh(KeptSettlement kept, in DeliveryResult result, UtcInstant now)
    {
        if (result is not { Outcome: DeliveryOutcome.Confirmed, Key: { Leg: Leg.Verification, N: 0 } })
        {
            return null;
        }

        if (kept.State.Settled is not { Legs.Split: LegState.Waiting } settled)
        {
            // A verification that was undone while its split waited is confirmed anew: perhaps nothing else keeps that back.
            looked = kept.State.Settled?.Legs.Split == LegState.Deferred ? null : looked;
            return null;
        }

        if (settled.Payout is null)
        {
            return Waiting.IsBehind(kept.State.Merchant, settled.Lane, now) ? new(ShareOf(kept), PayoutText.Behind, now) : null;
        }

        var amount = ShareOf(kept);
        if (settled.Payout is { Minimum: { } minimum } agreed && (amount < minimum || Waiting.Group(new(kept.State.Merchant, settled.Currency)) is not null))
        {
            return new(amount, PayoutText.Minimum(agreed, settled.Currency), null, minimum, now + agreed.MaxWait);
        }

        var deferral = Deferral(kept, amount, now, "");
        return deferral is null && Waiting.IsBehind(kept.State.Merchant, settled.Lane, now) ? new(amount, PayoutText.Behind, now) : deferral;
    }

    /// <summary>Lets go of what may go by now.</summary>
    public void Run(UtcInstant now)
    {
        if (Waiting.IsEmpty || !window.MayLetGo)
        {
            return;
        }

        var left = ordersMax;
        Due(now, ref left);
        Waiting.EndWaits(now, left);
        Groups(now, ref left);
        Undated(now, ref left);
    }

    void Due(UtcInstant now, ref int left)
    {
        using var scan = Waiting.Due(now);
        for (; left > 0 && scan.MoveNext(); left--)
        {
            Step(PayoutKeys.OrderOf(scan.Key), now, "");
            Waiting.Went(scan.Key);
        }
    }

    void Groups(UtcInstant now, ref int left)
    {
        if (!Waiting.IsLettingGo)
        {
            return;
        }

        using var groups = Waiting.LetGo();
        while (left > 0 && groups.MoveNext())
        {
            var id = PayoutKeys.GroupOf(groups.Key);
            var why = PayoutText.LetGo(Waiting.Group(id)!.Value, id.Currency, now);
            using var members = Waiting.Members(id);
            for (; left > 0 && members.MoveNext(); left--)
            {
                Step(PayoutKeys.OrderOf(members.Key), now, why);
                Waiting.Left(members.Key);
            }
        }
    }

    void Undated(UtcInstant now, ref int left)
    {
        if (next is null && looked is { } before && context.MonotonicTime - before < LookAgain)
        {
            return;
        }

        looked = context.MonotonicTime;
        using var scan = Waiting.Undated(next ?? []);
        next = null;
        for (; scan.MoveNext(); left--)
        {
            if (left == 0)
            {
                next = scan.Key.ToArray();
                return;
            }

            Step(PayoutKeys.OrderOf(scan.Key), now, "");
        }
    }

    /// <param name="why">Why it is looked at; empty where its time has come.</param>
    void Step(OrderId order, UtcInstant now, string why)
    {
        var kept = settlements.Find(order) is { State.Settled.Deferred: not null } there
            ? there
            : throw new CorruptStateException($"order {order} is among the payouts that wait, of which settle does not know that its split is kept back");
        var asked = new CommandContext(order, kept.State.Merchant, kept.Books.Cause, outputs.RecordedAt);
        SettledCommand command = Again(kept, kept.State.Settled!, now, why) is { } deferral
            ? new DeferPayout(asked, deferral)
            : new ReleasePayout(asked, why.Length > 0 ? why : kept.State.Settled!.Payout?.Calendar is null ? PayoutText.NothingElse : PayoutText.IsPayoutDay);
        var after = kept with { State = transactor.Transact(kept, command) };
        if (!ReferenceEquals(after.State, kept.State))
        {
            settlements.Put(after, kept);
        }
    }

    /// <summary>A verification that its system has undone since keeps the split back until it is confirmed anew: without a verified order no money moves.</summary>
    PayoutDeferral? Again(KeptSettlement kept, SettledOrder settled, UtcInstant now, string why) => settled.Legs.Verification == LegState.Confirmed
        ? Deferral(kept, settled.Deferred!.Amount, now, why)
        : new(settled.Deferred!.Amount, PayoutText.NotVerified);

    PayoutDeferral? Deferral(KeptSettlement kept, long amount, UtcInstant now, string why) => window.At(kept.State.Settled!.Payout, kept.State.Merchant, now) switch
    {
        PayoutTime.Later later => new(amount, Said(why, later.Why), later.At),
        PayoutTime.Unknown unknown => new(amount, Said(why, unknown.Why)),
        _ => null,
    };

    static string Said(string why, string then) => why.Length > 0 ? $"{then}; {why}" : then;

    /// <summary>The merchant's: what a payout is to the merchant, whoever else is paid with the same call.</summary>
    long ShareOf(KeptSettlement kept)
    {
        long sum = 0;
        foreach (var line in settlements.DivisionOf(kept.Order).Lines)
        {
            sum += line.Party.Kind == PartyKind.Merchant ? line.Amount : 0;
        }

        return sum;
    }
}
