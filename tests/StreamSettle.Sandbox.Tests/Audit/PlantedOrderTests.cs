using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.Rules;
using Xunit;
using static StreamSettle.Sandbox.Tests.Audit.Scene;

namespace StreamSettle.Sandbox.Tests.Audit;

/// <summary>Each test plants one violation and sees exactly that invariant break. I5, I6.</summary>
public class PlantedOrderTests
{
    [Fact]
    public void I5_a_split_that_overtakes_one_whose_verification_was_confirmed_a_moment_earlier()
    {
        var scene = Sound();
        // Order 2's verification is confirmed at 1.015, order 3's now at 1.016: nearer than any slack, but one part of the program saw both.
        scene.Settle(4, Seconds(1.0005));
        Arrive(scene, "4:split:0", 1.019);
        Assert.Contains("4:split:0 (ready", Assert.Single(scene.OnlyBroken("I5").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I5_a_verification_that_overtakes_an_older_mark()
    {
        var scene = Sound();
        scene.Options = scene.Options with { OrderSlack = TimeSpan.FromMilliseconds(500) };
        Arrive(scene, "1:verification:0", 1.0105);
        Confirm(scene, "1:verification:0", 1.011);
        foreach (var (key, at) in new[] { ("1:split:0", 1.0195), ("1:tax:0", 1.0196), ("1:commission:0", 1.0295) })
        {
            Arrive(scene, key, at);
            Confirm(scene, key, at + 0.001);
        }

        Assert.Contains("2:verification:0 (ready", Assert.Single(scene.OnlyBroken("I5").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I5_is_told_as_a_note_within_the_slack()
    {
        var scene = new Scene().Settle(1, Seconds(0)).Settle(2, Seconds(0.0001));
        Arrive(scene, "1:verification:0", 0.0102);
        scene.Change(1, happened => happened.Type == "settlement_calculated", happened => happened with { RecordedAt = Seconds(0.0025) });
        var finding = scene.Judge().Findings.Single(finding => finding.Invariant == "I5");
        Assert.Equal(0, finding.Violations);
        Assert.StartsWith("1 effects overtook", Assert.Single(finding.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void I5_verifications_in_another_order_than_their_calculations_however_near()
    {
        var scene = new Scene().Settle(1, Seconds(0)).Settle(2, Seconds(0.0001));
        Arrive(scene, "1:verification:0", 0.0102);
        Assert.Contains("1:verification:0, which was calculated first", Assert.Single(I5(scene).Examples), StringComparison.Ordinal);
        scene.Options = scene.Options with { HasLostState = true };
        Assert.Equal(0, I5(scene).Violations);
    }

    [Fact]
    public void I5_lets_a_call_that_was_given_up_take_effect_behind_those_that_passed_it()
    {
        var scene = new Scene().Settle(1, Seconds(0)).Settle(2, Seconds(0.0001));
        Arrive(scene, "1:verification:0", 0.0102);
        var at = scene.Streams["1"].FindIndex(happened => happened.Key == "1:verification:0");
        scene.Streams["1"].Insert(at, new(0, "delivery_dead_lettered") { RecordedAt = Seconds(0.0099), Key = "1:verification:0", Leg = "verification", Reason = "504: gateway timeout" });
        Assert.Equal(0, I5(scene).Violations);
    }

    /// <summary>Two orders of one second apart, which both wait till 12 s after the older mark.</summary>
    static Scene BothWait(double olderCalculatedAt, double youngerCalculatedAt)
    {
        var scene = new Scene().Settle(1, Seconds(0)).Settle(2, Seconds(1));
        scene.Delay(1, olderCalculatedAt - 0.002);
        scene.Delay(2, youngerCalculatedAt - 1.002);
        return scene;
    }

    static StreamSettle.Sandbox.Auditing.Report.Finding I5(Scene scene) => scene.Judge().Findings.Single(finding => finding.Invariant == "I5");

    [Fact]
    public void I5_an_edit_of_an_order_whose_mark_has_passed_makes_it_no_younger()
    {
        var scene = BothWait(12, 12.1);
        scene.Streams["1"].Insert(1, new(0, "settlement_rescheduled") { RecordedAt = Seconds(4), MerchantId = Merchant, DueAt = Seconds(0) });
        Assert.Equal((0, 0), (I5(scene).Violations, I5(scene).Notes.Count));

        scene = BothWait(12.1, 12);
        scene.Streams["1"].Insert(1, new(0, "settlement_rescheduled") { RecordedAt = Seconds(4), MerchantId = Merchant, DueAt = Seconds(0) });
        scene.Options = scene.Options with { OrderSlack = TimeSpan.FromMilliseconds(500) };
        Assert.Contains("2:verification:0 (ready", Assert.Single(I5(scene).Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I5_of_two_that_wait_the_older_mark_goes_first_though_it_became_known_later()
    {
        var scene = BothWait(12, 12.1);
        scene.Change(1, happened => happened.Type == "settlement_scheduled", happened => happened with { RecordedAt = Seconds(10) });
        Assert.Equal(0, I5(scene).Violations);
    }

    [Fact]
    public void I5_of_two_that_wait_the_younger_mark_goes_first_though_it_became_known_later()
    {
        var scene = BothWait(12.1, 12);
        scene.Change(2, happened => happened.Type == "settlement_scheduled", happened => happened with { RecordedAt = Seconds(10) });
        Assert.Contains("2:verification:0 (ready", Assert.Single(I5(scene).Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I5_a_verification_that_was_freed_after_its_calculation_queues_behind_those_that_wait()
    {
        var scene = BothWait(12, 12.1);
        scene.Log(1, new(0, "delivery_dead_lettered") { RecordedAt = Seconds(12.001), Key = "1:verification:0", Leg = "verification", Reason = "rejected: 422" });
        scene.Log(1, new(0, "delivery_replayed") { RecordedAt = Seconds(12.005), Key = "1:verification:0", Leg = "verification" });
        Assert.Contains("1:verification:0 (ready", Assert.Single(I5(scene).Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I5_a_refund_that_was_refused_later_says_nothing_of_when_its_order_was_ready()
    {
        var scene = BothWait(12.1, 12);
        scene.Options = scene.Options with { OrderSlack = TimeSpan.FromMilliseconds(500) };
        scene.Log(1, new(0, "delivery_dead_lettered") { RecordedAt = Seconds(20), Key = "1:calculation:1", Leg = "calculation", N = 1, Reason = "bad_amount" });
        Assert.Contains("2:verification:0 (ready", Assert.Single(I5(scene).Examples), StringComparison.Ordinal);
    }

    /// <summary>An order whose split waits for its payout, from 0.016 s on until it is let go.</summary>
    static Scene Deferred(double? releasedAt, double? payableAt)
    {
        var scene = Sound();
        scene.Streams["3"].RemoveAll(happened => happened.Type == "settlement_completed");
        var at = scene.Streams["3"].FindIndex(happened => happened.Key == "3:verification:0") + 1;
        scene.Streams["3"].Insert(at, new(0, "payout_deferred") { RecordedAt = Seconds(2.0151), Key = "3:split:0", PayableAt = payableAt is { } then ? Seconds(then) : null });
        if (releasedAt is { } now)
        {
            scene.Streams["3"].Insert(at + 1, new(0, "payout_released") { RecordedAt = Seconds(now), Key = "3:split:0" });
            scene.Log(3, new(0, "settlement_completed") { RecordedAt = Seconds(now + 20) });
        }

        return scene;
    }

    /// <summary>Order 3's split waits for its payout and goes at 2.5 though order 4's, confirmed right after it, could go at once and goes later.</summary>
    /// <param name="deferredAt">When whoever lets splits go saw order 3's confirmation, and so order 4's at the earliest.</param>
    [Theory]
    [InlineData(2.4, 0)]
    [InlineData(2.0151, 1)]
    public void I5_a_split_that_went_at_once_is_held_against_one_that_waited_by_when_its_confirmation_was_seen(double deferredAt, int violations)
    {
        var scene = Deferred(releasedAt: 2.5, payableAt: 2.45);
        scene.Change(3, happened => happened.Type == "payout_deferred", happened => happened with { RecordedAt = Seconds(deferredAt) });
        scene.Options = scene.Options with { OrderSlack = TimeSpan.FromMilliseconds(200) };
        Arrive(scene, "3:split:0", 2.52);
        Arrive(scene, "3:commission:0", 2.6);
        scene.Settle(4, Seconds(2.0005));
        Arrive(scene, "4:split:0", 2.53);
        Arrive(scene, "4:commission:0", 2.61);
        Assert.Equal(violations, I5(scene).Violations);
    }

    static void Unsent(Scene scene)
    {
        scene.Effects.RemoveAll(effect => effect.Key is "3:split:0" or "3:commission:0");
        scene.Streams["3"].RemoveAll(happened => happened.Key is "3:split:0" or "3:commission:0" && happened.Type == "delivery_confirmed");
    }

    [Fact]
    public void A_split_that_waits_for_its_payout_is_not_lost_until_its_time_has_passed()
    {
        var scene = Deferred(releasedAt: null, payableAt: null);
        Unsent(scene);
        Assert.True(scene.Judge().IsSound);
        scene = Deferred(releasedAt: null, payableAt: 5_000);
        Unsent(scene);
        Assert.True(scene.Judge().IsSound);
        scene = Deferred(releasedAt: null, payableAt: 60);
        Unsent(scene);
        Assert.Contains("to be paid out from", Assert.Single(scene.OnlyBroken("I2").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I6_a_split_that_goes_before_its_payout_was_let_go()
    {
        Assert.True(Deferred(releasedAt: 2.0155, payableAt: 2.0152).Judge().IsSound);
        Assert.Contains("its payout was let go at", Assert.Single(Deferred(releasedAt: 2.5, payableAt: 2.4).OnlyBroken("I6").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I5_lets_the_log_be_told_later_of_what_had_been_answered_only_where_state_was_lost()
    {
        var scene = Sound();
        Confirm(scene, "2:verification:0", 5);
        Assert.NotEqual(0, scene.Judge().Findings.Single(finding => finding.Invariant == "I5").Violations);
        scene.Options = scene.Options with { HasLostState = true, OrderSlack = TimeSpan.FromSeconds(10) };
        Assert.Equal(0, scene.Judge().Findings.Single(finding => finding.Invariant == "I5").Violations);
    }

    [Fact]
    public void I5_lets_a_replayed_call_queue_anew()
    {
        var scene = Sound();
        scene.Log(2, new(0, "delivery_dead_lettered") { RecordedAt = Seconds(1.03), Key = "2:tax:0", Leg = "tax", Reason = "rejected: 422" });
        scene.Log(2, new(0, "delivery_replayed") { RecordedAt = Seconds(9), Key = "2:tax:0", Leg = "tax" });
        Arrive(scene, "2:tax:0", 10);
        Confirm(scene, "2:tax:0", 11);
        var moved = scene.Streams["2"].Single(happened => happened.Type == "delivery_confirmed" && happened.Key == "2:tax:0");
        scene.Streams["2"].Remove(moved);
        scene.Streams["2"].Add(moved);
        Assert.True(scene.Judge().IsSound);
    }

    [Fact]
    public void I5_lets_the_lanes_pass_each_other()
    {
        var scene = Sound();
        scene.Settle(4, Seconds(1.0005));
        Arrive(scene, "4:split:0", 1.019);
        scene.Change(4, happened => happened.Type == "settlement_calculated", happened => happened with { Priority = true });
        Assert.True(scene.Judge().IsSound);
    }

    [Theory]
    [InlineData("2:split:0", 1.005)]
    [InlineData("2:tax:0", 1.005)]
    [InlineData("2:commission:0", 1.019)]
    [InlineData("1:split:2", 19)]
    public void I5_a_leg_before_the_one_that_it_rests_on(string key, double at)
    {
        var scene = Sound();
        Arrive(scene, key, at);
        if (key == "1:split:2")
        {
            // A reversal's own mark is its refund's commit; it must lie before it for I6 to stay out of this.
            scene.ChangeEffect(key, effect => effect with { Body = Body(1, Leg.Split, 2, Seconds(18), [new("carrier:3", 10), new("platform", 12), new($"merchant:{Merchant}", 136)]) });
        }

        Assert.Contains(scene.OnlyBroken("I5").Examples, text => text.StartsWith($"{key} took effect at", StringComparison.Ordinal));
    }

    [Fact]
    public void I6_a_call_before_its_mark()
    {
        var scene = Sound();
        Arrive(scene, "1:verification:0", -0.001);
        Assert.Contains("1:verification:0 arrived at 2026-11-02T11:59:59.999Z, before its mark 2026-11-02T12:00:00Z", scene.OnlyBroken("I6").Examples);
    }

    [Fact]
    public void I6_a_mark_that_the_rules_do_not_give()
    {
        var scene = Sound();
        scene.Merchants[0] = scene.Merchants[0] with { Tier = "KA" };
        scene.Delays = DelayRules.Parse([("r.json", """{"effectiveFrom":"2026-01-01T00:00:00Z","delays":[{"when":{"tier":"KA"},"delay":"PT24H0.001S"}]}""")]);
        Assert.Contains(scene.OnlyBroken("I6").Examples, text => text.Contains("row and rules say 2026-11-02T12:00:01.001Z", StringComparison.Ordinal));
    }

    [Fact]
    public void I6_an_order_that_was_called_due_early()
    {
        var scene = Sound();
        scene.Change(3, happened => happened.Type == "settlement_due", happened => happened with { RecordedAt = Seconds(1.9) });
        Assert.StartsWith("order 3 was called due at", Assert.Single(scene.OnlyBroken("I6").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I6_lateness_beyond_its_bound()
    {
        var scene = Sound();
        scene.Options = scene.Options with { LatenessP99 = TimeSpan.FromMilliseconds(9) };
        Assert.StartsWith("the 99th percentile of lateness", Assert.Single(scene.OnlyBroken("I6").Examples), StringComparison.Ordinal);
    }

    static void Arrive(Scene scene, string key, double at) => scene.ChangeEffect(key, effect => effect with { ArrivedAt = Seconds(at) });

    static void Confirm(Scene scene, string key, double at) =>
        scene.Change(long.Parse(key.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture), happened => happened.Type == "delivery_confirmed" && happened.Key == key, happened => happened with { RecordedAt = Seconds(at) });
}
