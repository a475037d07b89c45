using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.World;
using StreamSettle.Sandbox.Downstreams.Effects;
using Xunit;
using static StreamSettle.Sandbox.Tests.Audit.Scene;

namespace StreamSettle.Sandbox.Tests.Audit;

/// <summary>Each test plants one violation and sees exactly that invariant break. I2, I8, I11.</summary>
public class PlantedLossTests
{
    [Fact]
    public void I2_an_order_that_the_log_does_not_know()
    {
        var scene = Sound();
        scene.Orders.Add(scene.Row(9, Seconds(3)));
        Assert.Equal(["order 9 is completed and past its mark, but the log does not know it"], scene.OnlyBroken("I2").Examples);
    }

    [Fact]
    public void I2_an_order_that_is_stuck()
    {
        var scene = Sound();
        scene.Orders.Add(scene.Row(9, Seconds(3)));
        scene.Log(9, new(0, "settlement_scheduled") { RecordedAt = Seconds(0), DueAt = Seconds(3) });
        Assert.StartsWith("order 9 was due at", Assert.Single(scene.OnlyBroken("I2").Examples), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("settlement_held", null, null)]
    [InlineData("delivery_dead_lettered", "9:calculation:0", "too_old")]
    public void I2_is_content_with_a_hold_or_a_dead_letter(string type, string? key, string? reason)
    {
        var scene = Sound();
        scene.Orders.Add(scene.Row(9, Seconds(3)));
        scene.Log(9, new(0, type) { RecordedAt = Seconds(4), Scope = "order", Key = key, Leg = "calculation", Reason = reason });
        Assert.True(scene.Judge().IsSound);
    }

    [Fact]
    public void I2_a_hold_that_was_released_and_forgotten()
    {
        var scene = Sound();
        scene.Orders.Add(scene.Row(9, Seconds(3)));
        scene.Log(9, new(0, "settlement_held") { RecordedAt = Seconds(4), Scope = "order" });
        scene.Log(9, new(0, "settlement_released") { RecordedAt = Seconds(5), Scope = "order" });
        scene.OnlyBroken("I2");
    }

    [Fact]
    public void I2_an_order_that_was_cancelled_and_completed_again()
    {
        var scene = Sound();
        scene.Orders.Add(scene.Row(9, Seconds(3)));
        scene.Log(9, new(0, "settlement_cancelled") { RecordedAt = Seconds(1), Reason = "DISPUTED" });
        Assert.Equal(["order 9 is cancelled, but completed and not wholly refunded"], scene.OnlyBroken("I2").Examples);
        scene.Orders[^1] = scene.Orders[^1] with { Refunded = Minor(1000) };
        Assert.True(scene.Judge().IsSound);
    }

    [Fact]
    public void I2_an_order_that_was_refused_without_a_reason()
    {
        var scene = Sound();
        scene.Orders.Add(scene.Row(9, Seconds(3)));
        scene.Log(9, new(0, "delivery_dead_lettered") { RecordedAt = Seconds(4), Key = "9:calculation:0", Leg = "calculation", Reason = "bad_amount" });
        Assert.Equal(["order 9 is refused as bad_amount, but its row can be settled"], scene.OnlyBroken("I2").Examples);
    }

    [Fact]
    public void I2_an_order_that_is_settled_although_it_cannot_be()
    {
        var scene = Sound();
        scene.Orders[1] = scene.Orders[1] with { Shipping = Minor(-1) };
        Assert.Equal(["order 2 is settled, but its row had to be refused as bad_amount"], scene.OnlyBroken("I2").Examples);
    }

    [Fact]
    public void I2_a_refund_that_nobody_reversed()
    {
        var scene = Sound();
        scene.Orders[0] = scene.Orders[0] with { Refunded = Minor(400) };
        Assert.Equal(["order 1: 400 are refunded, but settled and reversed is only what 300 ask for"], scene.OnlyBroken("I2").Examples);
    }

    [Fact]
    public void I2_an_order_that_was_settled_long_after_it_was_cancelled()
    {
        var scene = Sound();
        scene.Orders[1] = scene.Orders[1] with { Status = "CANCELLED" };
        Assert.StartsWith("order 2 is CANCELLED since", Assert.Single(scene.OnlyBroken("I2").Examples), StringComparison.Ordinal);
        scene.Orders[1] = scene.Orders[1] with { UpdatedAt = Seconds(1) };
        Assert.True(scene.Judge().IsSound);
    }

    [Fact]
    public void I2_an_order_that_was_cancelled_longer_before_its_mark_than_the_source_may_be_silent()
    {
        var scene = Sound();
        scene.Options = scene.Options with { Silence = TimeSpan.FromSeconds(10) };
        scene.Orders[1] = scene.Orders[1] with { Status = "CANCELLED", UpdatedAt = Seconds(1 - 10.1) };
        Assert.StartsWith("order 2 is CANCELLED since", Assert.Single(scene.OnlyBroken("I2").Examples), StringComparison.Ordinal);
        scene.Orders[1] = scene.Orders[1] with { UpdatedAt = Seconds(1 - 9.9) };
        Assert.True(scene.Judge().IsSound);
    }

    [Fact]
    public void I2_a_refund_that_nobody_reversed_of_an_order_that_is_no_longer_completed()
    {
        var scene = Sound();
        scene.Orders[0] = scene.Orders[0] with { Status = "REFUNDED", Refunded = Minor(1000) };
        Assert.Contains("1000 are refunded", Assert.Single(scene.OnlyBroken("I2").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I2_a_reversal_that_never_ends()
    {
        var scene = Sound();
        scene.Streams["1"].RemoveAll(happened => happened is { Type: "reversal_completed", N: 2 });
        Assert.StartsWith("order 1: reversal 2 is under way", Assert.Single(scene.OnlyBroken("I2").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I2_a_completion_without_all_legs()
    {
        var scene = Sound();
        scene.Effects.RemoveAll(effect => effect.Key == "2:tax:0");
        scene.Streams["2"].RemoveAll(happened => happened.Key == "2:tax:0");
        Assert.Equal(["order 2 is completed, but its tax is neither confirmed nor discarded"], scene.OnlyBroken("I2").Examples);
    }

    [Fact]
    public void What_is_young_is_not_judged()
    {
        var scene = Sound();
        scene.Orders.Add(scene.Row(9, Seconds(990)));
        var report = scene.Judge();
        Assert.True(report.IsSound);
        Assert.Contains("1 completed orders are not due for judgement yet", report.Findings.Single(finding => finding.Invariant == "I2").Notes);
    }

    [Fact]
    public void I8_an_effect_that_the_log_does_not_confirm()
    {
        var scene = Sound();
        scene.Effects.Add(new(0, Leg.TaxRefund, "2:tax-refund:0", Seconds(6), EffectOutcome.Accepted, 201, default, "r", Body(2, Leg.TaxRefund, 0, Seconds(1), [])));
        Assert.EndsWith("but the log does not confirm it", Assert.Single(scene.OnlyBroken("I8").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I8_a_confirmation_without_an_effect()
    {
        var scene = Sound();
        scene.Effects.RemoveAll(effect => effect.Key == "2:commission:0");
        Assert.Equal(["2:commission:0 is confirmed with receipt 'r-2:commission:0', but the system never did it"], scene.OnlyBroken("I8").Examples);
    }

    [Fact]
    public void I8_another_receipt()
    {
        var scene = Sound();
        scene.ChangeEffect("2:tax:0", effect => effect with { Receipt = "77" });
        Assert.EndsWith("but the system gave '77'", Assert.Single(scene.OnlyBroken("I8").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I8_a_call_that_is_confirmed_twice()
    {
        var scene = Sound();
        scene.Log(2, scene.Streams["2"].Single(happened => happened.Key == "2:tax:0"));
        Assert.Equal(["2:tax:0 is confirmed 2 times"], scene.OnlyBroken("I8").Examples);
    }

    [Fact]
    public void I8_a_version_that_is_missing()
    {
        var scene = Sound();
        scene.Change(2, happened => happened.Type == "settlement_due", happened => happened with { Version = 3 });
        Assert.Equal(["stream 2: version 2 is expected, 3 is there"], scene.OnlyBroken("I8").Examples);
    }

    [Fact]
    public void I8_a_call_that_was_given_up_as_refused_although_it_was_done()
    {
        var scene = Sound();
        LoggedEvent DeadLetter(string reason) => new(0, "delivery_dead_lettered") { RecordedAt = Seconds(100), Key = "9:verification:0", Leg = "verification", Reason = reason };
        scene.Orders.Add(scene.Row(9, Seconds(3)));
        foreach (var happened in scene.Streams["2"].Take(3).ToArray())
        {
            scene.Log(9, happened with { DueAt = happened.DueAt is null ? null : Seconds(3), RecordedAt = happened.RecordedAt + TimeSpan.FromSeconds(2) });
        }

        scene.Effects.Add(new(0, Leg.Verification, "9:verification:0", Seconds(6), EffectOutcome.Accepted, 500, default, "r", Body(9, Leg.Verification, 0, Seconds(3), [])));
        scene.Log(9, DeadLetter("rejected: 422"));
        Assert.EndsWith("but the log gave it up: rejected: 422", Assert.Single(scene.OnlyBroken("I8").Examples), StringComparison.Ordinal);
        scene.Streams["9"][^1] = DeadLetter("unknown: 500 twenty times");
        Assert.True(scene.Judge().IsSound);
    }

    [Fact]
    public void I8_an_invoice_that_no_system_took()
    {
        var scene = Sound();
        scene.Log(2, new(0, "invoice_delivered") { RecordedAt = Seconds(5), Key = "2:tax:0" });
        Assert.Equal(["the invoice of 2:tax:0 is said to be sent, but no system took it"], scene.OnlyBroken("I8").Examples);
    }

    [Fact]
    public void I11_a_budget_that_was_exceeded()
    {
        var scene = Sound();
        scene.Stats.Add(new("Tax", 12, 12, 12, 0, 0, 0, 0, 0, BudgetViolations: 3, 0));
        Assert.Equal(["Tax: 3 of 12 requests were beyond the budget"], scene.OnlyBroken("I11").Examples);
    }
}
