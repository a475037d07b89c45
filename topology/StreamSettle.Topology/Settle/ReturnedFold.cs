using System.Collections.Immutable;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// What becomes of a leg whose system undoes what it has done: the part of <see cref="SettlementFold"/> that keeps what answers and callbacks say in the order in which
/// they count, in whichever they come. Pure.
/// </summary>
static class ReturnedFold
{
    /// <summary>Puts a leg (by name, of a number) into a state, with what follows for the others.</summary>
    public delegate SettlementState LegSetter(SettlementState state, string leg, int n, LegState next);

    /// <summary>The system has told that it undid the call. One that is not known to be confirmed stays as it is until then.</summary>
    public static SettlementState Returned(SettlementState state, DeliveryReturned e, LegSetter set)
    {
        var (settled, key) = (SettledOf(state), KeyOf(e.Key));
        var marked = state with { Settled = With(settled, new(e.N, key.Leg, key.Returns, e.Reason)) };
        return settled.LegsOf(e.N)[key.Leg] == LegState.Confirmed ? set(marked, e.Leg, e.N, LegState.Returned) : marked;
    }

    /// <summary>One that was undone meanwhile rests nothing: the legs behind it wait on.</summary>
    public static SettlementState Confirmed(SettlementState state, DeliveryConfirmed e, LegSetter set) =>
        set(state, e.Leg, e.N, UndoneOf(state, e.Leg, e.N) is null ? LegState.Confirmed : LegState.Returned);

    /// <summary>That a call waits for a person because it was returned is told beside the return itself, and changes nothing more.</summary>
    public static SettlementState DeadLettered(SettlementState state, DeliveryDeadLettered e, LegSetter set) =>
        StateOf(state, e.Leg, e.N) == LegState.Returned ? state : set(state, e.Leg, e.N, LegState.DeadLettered);

    /// <summary>A returned one goes again as a new effect, under its next key.</summary>
    public static SettlementState Replayed(SettlementState state, DeliveryReplayed e, LegSetter set)
    {
        if (StateOf(state, e.Leg, e.N) == LegState.Returned)
        {
            var key = KeyOf(e.Key);
            state = state with { Settled = With(SettledOf(state), new(e.N, key.Leg, key.AfterReturn().Returns, null)) };
        }

        return set(state, e.Leg, e.N, LegState.Sent);
    }

    static LegState StateOf(SettlementState state, string name, int n) => LegNames.TryParse(name, out var leg) ? SettledOf(state).LegsOf(n)[leg] : LegState.None;

    static string? UndoneOf(SettlementState state, string name, int n) => LegNames.TryParse(name, out var leg) ? SettledOf(state).ReturnedOf(leg, n)?.Reason : null;

    static SettledOrder With(SettledOrder settled, ReturnedLeg leg)
    {
        ImmutableArray<ReturnedLeg> others = [.. settled.Returned.Where(other => other.N != leg.N || other.Leg != leg.Leg)];
        return settled with { Returned = others.Add(leg) };
    }

    static CallKey KeyOf(string text) => CallKey.TryParse(text, out var key) ? key : throw new CorruptStateException($"'{text}' is no key of a call");

    static SettledOrder SettledOf(SettlementState state) =>
        state.Settled ?? throw new CorruptStateException("a fact is about a settlement that was not calculated");
}
