using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tests.Deciding;

/// <summary>What is sent follows from facts.</summary>
public sealed class SettleReactionsTests
{
    const string At = "2026-11-02T00:00:00Z";

    static readonly SettlementState Calculated = SettlementFold.Evolve(SettlementState.Unknown, new SettlementCalculated(
        "c", At, 437, "EUR", 100, 10, 90, "r1", Priority: false, 0, [new("tax:DE", 20, ""), new("merchant:437", 70, "")], At, At));

    static readonly DeliveryConfirmed Verified = new("42:verification:0#1", At, "42:verification:0", "verification", 0, 1, "r");

    static readonly DeliveryDeadLettered Refused = new("c", At, "42:calculation:1", "calculation", 1, 0, "bad_amount", "200.0000", At);

    static (IReadOnlyList<OrderReaction> Reactions, SettlementState After) React(SettlementState before, params SettlementEvent[] events)
    {
        var after = SettlementFold.Of(before, events);
        return (SettleReactions.To(events, before, after), after);
    }

    [Fact]
    public void A_confirmed_verification_sends_what_waited_for_it() =>
        Assert.Equal([new SendCall(Leg.Split, 0), new SendCall(Leg.Tax, 0)], React(Calculated, Verified).Reactions);

    [Fact]
    public void Without_a_fact_nothing_is_sent() => Assert.Empty(SettleReactions.To([], Calculated, Calculated));

    [Fact]
    public void A_replayed_call_is_deliverys_own_to_send()
    {
        var dead = SettlementFold.Evolve(Calculated, new DeliveryDeadLettered("c", At, "42:verification:0", "verification", 0, 20, "503"));
        Assert.Empty(React(dead, new DeliveryReplayed("c", At, "42:verification:0", "verification", 0, 20, "ann")).Reactions);
        Assert.Empty(React(Calculated, new DeliveryFailed("c", At, "42:verification:0", "verification", 0, 1, "503")).Reactions);
    }

    [Fact]
    public void A_refused_refund_opens_a_dead_letter_and_whatever_ends_it_closes_it()
    {
        var (opened, refused) = React(Calculated, Refused);
        Assert.Equal([new OpenDeadLetter(1, "bad_amount")], opened);
        Assert.Equal([new CloseDeadLetter(1)], React(refused, new DeliveryDiscarded("c", At, "42:calculation:1", "calculation", 1, 0, "ann")).Reactions);
        Assert.Equal([new CloseDeadLetter(1)], React(refused, new ReversalRequested("c", At, 1, 50, At)).Reactions);
        Assert.Equal(
            [new OpenDeadLetter(1, "bad_amount")], React(refused, new DeliveryReplayed("c", At, "42:calculation:1", "calculation", 1, 0, "ann"), Refused).Reactions);
    }
}
