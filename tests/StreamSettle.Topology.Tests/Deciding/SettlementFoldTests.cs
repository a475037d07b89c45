using StreamSettle.Kernel.Failures;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tests.Deciding;

/// <summary>What each fact changes, whoever recorded it.</summary>
public sealed class SettlementFoldTests
{
    const string At = "2026-11-02T00:00:00Z";

    static readonly SettlementCalculated Calculated = new(
        "c", At, 437, "EUR", 100, 10, 90, "r1", Priority: true, 0,
        [new("tax:DE", 20, ""), new("promoter:9", 30, "", 2), new("platform", 0, ""), new("merchant:437", 40, "")], "2026-11-01T00:00:00Z", At);

    static SettlementState Fold(params SettlementEvent[] events) => SettlementFold.Of(SettlementState.Unknown, events);

    static SettlementEvent[] Confirmed(params string[] keys) =>
        [.. keys.Select(key => new DeliveryConfirmed($"{key}#1", At, key, key.Split(':')[1], int.Parse(key.Split(':')[2], System.Globalization.CultureInfo.InvariantCulture), 1, "r"))];

    static SettlementEvent Refusal(int n = 0, string reason = "bad_amount") => n == 0
        ? new DeliveryDeadLettered("c", At, "42:calculation:0", "calculation", 0, 0, reason)
        : new DeliveryDeadLettered("c", At, $"42:calculation:{n}", "calculation", n, 0, reason, "200.0000", At);

    static string Legs(LegStates legs) => string.Join(' ', legs.Verification, legs.Split, legs.Commission, legs.Tax);

    [Fact]
    public void An_order_before_its_calculation()
    {
        var scheduled = Fold(new SettlementScheduled("c", At, 437, At, At));
        Assert.Equal((PendingStage.Scheduled, 437, UtcInstant.Parse(At), false), (scheduled.Pending.Stage, scheduled.Merchant.Value, scheduled.DueAt, scheduled.Pending.DueRecorded));
        var due = SettlementFold.Evolve(scheduled, new SettlementDue("c", At, At));
        Assert.True(due.Pending.DueRecorded);
        Assert.True(SettlementFold.Evolve(due, new SettlementRescheduled("c", At, 438, At, At)).Pending.DueRecorded);
        Assert.False(SettlementFold.Evolve(due, new SettlementRescheduled("c", At, 437, At, "+10000-01-01T00:00:00Z")).Pending.DueRecorded);
        Assert.Equal(PendingStage.Idle, SettlementFold.Evolve(due, new SettlementCancelled("c", At, "deleted")).Pending.Stage);

        var refused = SettlementFold.Evolve(due, Refusal());
        Assert.Equal((PendingStage.Refused, "bad_amount", 0), (refused.Pending.Stage, refused.Pending.Refusal, refused.OpenRefusal));
        Assert.Equal((PendingStage.Scheduled, null), After(new DeliveryReplayed("c", At, "42:calculation:0", "calculation", 0, 0, "ann")));
        Assert.Equal((PendingStage.GivenUp, null), After(new DeliveryDiscarded("c", At, "42:calculation:0", "calculation", 0, 0, "ann")));

        (PendingStage Stage, string? Refusal) After(SettlementEvent happened)
        {
            var state = SettlementFold.Evolve(refused, happened);
            return (state.Pending.Stage, state.Pending.Refusal);
        }
    }

    [Fact]
    public void Legs_go_when_those_before_them_are_confirmed()
    {
        Assert.Equal("Sent Waiting Waiting Waiting", Legs(Fold(Calculated).Settled!.Legs));
        Assert.Equal("Confirmed Sent Waiting Sent", Legs(Fold([Calculated, .. Confirmed("42:verification:0")]).Settled!.Legs));
        Assert.Equal("Confirmed Confirmed Sent Sent", Legs(Fold([Calculated, .. Confirmed("42:verification:0", "42:split:0")]).Settled!.Legs));
        Assert.Equal(Lane.Priority, Fold(Calculated).Settled!.Lane);
        Assert.Equal("Sent None None None", Legs(Fold(Calculated with { Lines = [new("merchant:437", 0, "")] }).Settled!.Legs));
    }

    [Fact]
    public void Legs_of_calls_that_were_dead_lettered_replayed_and_discarded()
    {
        var dead = Fold(Calculated, new DeliveryDeadLettered("c", At, "42:verification:0", "verification", 0, 20, "503"));
        Assert.Equal("DeadLettered Waiting Waiting Waiting", Legs(dead.Settled!.Legs));
        Assert.Null(dead.OpenRefusal);
        Assert.Equal("Sent Waiting Waiting Waiting", Legs(SettlementFold.Evolve(dead, new DeliveryReplayed("c", At, "42:verification:0", "verification", 0, 20, "ann")).Settled!.Legs));
        Assert.Equal("Discarded Waiting Waiting Waiting", Legs(SettlementFold.Evolve(dead, new DeliveryDiscarded("c", At, "42:verification:0", "verification", 0, 20, "ann")).Settled!.Legs));
    }

    [Fact]
    public void A_reversal_takes_back_the_increase_through_its_own_legs()
    {
        var done = Fold([Calculated, .. Confirmed("42:verification:0", "42:split:0", "42:tax:0", "42:commission:0"), new SettlementCompleted("c", At, [])]);
        var asked = SettlementFold.Of(done, [new ReversalRequested("c", At, 1, 30, At), new ReversalRequested("c", At, 2, 35, At)]);
        Assert.Equal([(1, 20L), (2, 5L)], asked.Settled!.Reversals.Select(reversal => (reversal.N, reversal.Amount)));
        Assert.Equal(1, asked.Settled.ToStart!.N);

        var started = SettlementFold.Evolve(asked, new ReversalCalculated("c", At, 1, [new("promoter:9", 8), new("merchant:437", 12)]));
        Assert.Null(started.Settled!.ToStart);
        Assert.Equal("None Sent Waiting None", Legs(started.Settled.LegsOf(1)));
        Assert.Equal((8, 0), (started.Settled.ReversedOf("promoter:9"), started.Settled.ReversedOf("tax:DE")));
        var reversed = SettlementFold.Of(started, [.. Confirmed("42:split:1", "42:commission:1"), new ReversalCompleted("c", At, 1)]);
        Assert.Equal((2, false), (reversed.Settled!.ToStart!.N, reversed.IsFinished));
    }

    [Fact]
    public void A_refused_refund_waits_until_it_is_replayed_discarded_or_overtaken()
    {
        var refused = Fold(Calculated, Refusal(1));
        Assert.Equal((1, "200.0000"), (refused.OpenRefusal, refused.Settled!.Refused!.Refunded.ToString()));
        Assert.Null(SettlementFold.Evolve(refused, new DeliveryReplayed("c", At, "42:calculation:1", "calculation", 1, 0, DeliveryReplayed.BySource)).Settled!.Refused);
        Assert.Null(SettlementFold.Evolve(refused, new ReversalRequested("c", At, 1, 30, At)).Settled!.Refused);
        var discarded = SettlementFold.Evolve(refused, new DeliveryDiscarded("c", At, "42:calculation:1", "calculation", 1, 0, "ann"));
        Assert.Equal((null, false), (discarded.OpenRefusal, discarded.Settled!.Refused!.Open));
    }

    [Fact]
    public void Facts_that_change_nothing_leave_the_same_object()
    {
        var state = Fold(Calculated);
        Assert.Same(state, SettlementFold.Evolve(state, new DeliveryFailed("c", At, "42:verification:0", "verification", 0, 1, "503")));
        Assert.Same(state, SettlementFold.Evolve(state, new InvoiceDelivered("c", At, "42:verification:0")));
        Assert.Same(state, SettlementFold.Evolve(state, new SettlementReleased("c", At, "order:42", "why", "ann")));
    }

    [Fact]
    public void A_scope_holds_an_order_from_the_first_word_of_it_to_the_first_of_its_end()
    {
        var held = Fold(Calculated, new SettlementHeld("c", At, "order:42", "why", "ann"), new SettlementHeld("d", At, "everything", "why", "ann"));
        Assert.Equal(["order:42", "everything"], held.Held);
        Assert.Same(held, SettlementFold.Evolve(held, new SettlementHeld("e", At, "order:42", "why not", "eve")));
        Assert.Equal(["everything"], SettlementFold.Evolve(held, new SettlementReleased("f", At, "order:42", "", "bob")).Held);
    }

    [Fact]
    public void A_log_with_something_missing_is_corrupt_and_is_not_folded_into_a_guess()
    {
        Assert.Throws<CorruptStateException>(() => Fold(Confirmed("42:split:0")));
        Assert.Throws<CorruptStateException>(() => Fold(new SettlementCompleted("c", At, [])));
        Assert.Throws<CorruptStateException>(() => Fold(Calculated, new ReversalRequested("c", At, 2, 30, At)));
        Assert.Throws<CorruptStateException>(() => Fold(Calculated, new ReversalCompleted("c", At, 1)));
        Assert.Throws<CorruptStateException>(() => Fold(Calculated, new DeliveryDeadLettered("c", At, "42:calculation:1", "calculation", 1, 0, "bad_amount")));
        Assert.Throws<CorruptStateException>(() => Fold(new SettlementDue("c", At, "soon")));
        Assert.Throws<CorruptStateException>(() => Fold(Calculated with { Currency = "XXX" }));
        Assert.Throws<CorruptStateException>(() => Fold(Calculated with { Lines = [new("seller:1", 5, "")] }));
    }
}
