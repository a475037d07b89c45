using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Facts;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>What each fact changes: the state of a settlement is the fold of its events, whoever recorded them. Pure.</summary>
public static class SettlementFold
{
    public static SettlementState Of(SettlementState state, IReadOnlyList<SettlementEvent> events)
    {
        foreach (var happened in events)
        {
            state = Evolve(state, happened);
        }

        return state;
    }

    /// <returns>The same object where the fact changes nothing.</returns>
    /// <exception cref="CorruptStateException">The fact cannot be one of this order: something is missing before it, or it is not of our form.</exception>
    public static SettlementState Evolve(SettlementState state, SettlementEvent happened) => happened switch
    {
        SettlementScheduled or SettlementRescheduled or SettlementDue or SettlementCancelled => Before(state, happened),
        SettlementCalculated e => Before(state, e) with { Settled = Calculated(e) },
        SettlementCompleted => state with { Settled = SettledOf(state) with { Completed = true } },
        ReversalRequested e => state with { Settled = Requested(SettledOf(state), e) },
        ReversalCalculated e => WithReversal(state, e.N, reversal => reversal with { Lines = [.. e.Lines], Legs = LegFold.Begin(e) }),
        ReversalCompleted e => WithReversal(state, e.N, reversal => reversal with { Completed = true }),
        DeliveryConfirmed e => ReturnedFold.Confirmed(state, e, WithLeg),
        DeliveryReturned e => ReturnedFold.Returned(state, e, WithLeg),
        DeliveryDeadLettered e => IsCalculation(e.Leg) ? Refused(state, e) : ReturnedFold.DeadLettered(state, e, WithLeg),
        DeliveryReplayed e => IsCalculation(e.Leg) ? TriedAnew(state, e) : ReturnedFold.Replayed(state, e, WithLeg),
        DeliveryDiscarded e => IsCalculation(e.Leg) ? GivenUp(state, e) : WithLeg(state, e.Leg, e.N, LegState.Discarded),
        PayoutDeferred e => state with { Settled = PayoutFold.Deferred(SettledOf(state), e) },
        PayoutReleased e => state with { Settled = PayoutFold.Released(SettledOf(state), e) },
        SettlementHeld e => state.Held.Contains(e.Scope) ? state : state with { Held = state.Held.Add(e.Scope) },
        SettlementReleased e => state.Held.Contains(e.Scope) ? state with { Held = state.Held.Remove(e.Scope) } : state,
        DeliveryFailed or InvoiceDelivered => state,
        _ => throw new BrokenInvariantException($"nobody has said what a {happened.GetType().Name} changes"),
    };

    static SettlementState Before(SettlementState state, SettlementEvent happened) => state with { Pending = PendingFold.Evolve(state.Pending, happened) };

    static SettledOrder Calculated(SettlementCalculated e) => new()
    {
        Currency = Currency.TryParse(e.Currency, out var currency) ? currency : throw new CorruptStateException($"a settlement in '{e.Currency}'"),
        Gross = e.Gross,
        Refunded = e.Refunded,
        Lane = e.Priority ? Lane.Priority : Lane.Ordinary,
        KeyAccount = MerchantFacts.IsKeyAccountTier(e.Basis?.Tier),
        CompletedAt = PendingFold.Instant(e.CompletedAt),
        Legs = LegFold.Begin(e),
        Payout = PayoutFold.Agreed(e.Payout),
    };

    /// <summary>A refund that was refused before is part of this one.</summary>
    static SettledOrder Requested(SettledOrder settled, ReversalRequested e) => e.N != settled.Reversals.Length + 1
        ? throw new CorruptStateException($"reversal {e.N} is requested after {settled.Reversals.Length}")
        : settled with
        {
            Refunded = e.Refunded, Refused = null, Reversals = settled.Reversals.Add(new(e.N, e.Refunded, e.Refunded - settled.Refunded, PendingFold.Instant(e.DueAt))),
        };

    static SettlementState Refused(SettlementState state, DeliveryDeadLettered e)
    {
        if (e.N == 0)
        {
            return Before(state, e);
        }

        return e is { RefundedAmount: { } amount, DueAt: { } due } && DecimalAmount.TryParse(System.Text.Encoding.UTF8.GetBytes(amount), out var refunded)
            ? state with { Settled = SettledOf(state) with { Refused = new(e.N, e.Reason, refunded, PendingFold.Instant(due), Open: true) } }
            : throw new CorruptStateException($"{e.Key} was refused, but not which refund");
    }

    static SettlementState TriedAnew(SettlementState state, DeliveryReplayed e) =>
        e.N == 0 ? Before(state, e) : state with { Settled = SettledOf(state) with { Refused = null } };

    static SettlementState GivenUp(SettlementState state, DeliveryDiscarded e) => e.N == 0
        ? Before(state, e)
        : state with { Settled = SettledOf(state) with { Refused = SettledOf(state).Refused is { } refused ? refused with { Open = false } : null } };

    static SettlementState WithLeg(SettlementState state, string name, int n, LegState next)
    {
        if (!LegNames.TryParse(name, out var leg))
        {
            throw new CorruptStateException($"'{name}' is no leg");
        }

        var settled = SettledOf(state);
        return n == 0
            ? state with { Settled = WithLegs(settled, LegFold.Open(settled.Legs.With(leg, next))) }
            : WithReversal(state, n, reversal => reversal with { Legs = LegFold.OpenBack(reversal.Legs.With(leg, next)) });
    }

    static SettledOrder WithLegs(SettledOrder settled, LegStates legs) =>
        settled with { Legs = legs, Deferred = legs.Split == LegState.Deferred ? settled.Deferred : null };

    static SettlementState WithReversal(SettlementState state, int n, Func<Reversal, Reversal> change)
    {
        var settled = SettledOf(state);
        return n >= 1 && n <= settled.Reversals.Length
            ? state with { Settled = settled with { Reversals = settled.Reversals.SetItem(n - 1, change(settled.Reversals[n - 1])) } }
            : throw new CorruptStateException($"a fact is about reversal {n}, but {settled.Reversals.Length} were requested");
    }

    static SettledOrder SettledOf(SettlementState state) =>
        state.Settled ?? throw new CorruptStateException("a fact is about a settlement that was not calculated");

    static bool IsCalculation(string leg) => leg == Leg.Calculation.Name();
}
