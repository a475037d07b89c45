using System.Text;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.World;
using StreamSettle.Sandbox.Downstreams.Effects;
using Xunit;
using static StreamSettle.Sandbox.Tests.Audit.Scene;

namespace StreamSettle.Sandbox.Tests.Audit;

/// <summary>A checker that cannot fail is worth nothing: each test plants one violation and sees exactly that invariant break. I1, I3, I4, I7.</summary>
public class PlantedMoneyTests
{
    [Fact]
    public void I1_a_line_that_is_a_unit_too_small()
    {
        var scene = Sound();
        scene.Change(2, IsCalculated, happened => happened with { Lines = [.. happened.Lines.Select(line => line.Party == "platform" ? line with { Amount = 59 } : line)] });
        var finding = scene.OnlyBroken("I1");
        Assert.Contains("order 2: the lines sum to 999, net is 1000", finding.Examples);
        Assert.Contains(finding.Examples, text => text.StartsWith("2:split:0: the system was told", StringComparison.Ordinal));
    }

    [Fact]
    public void I1_a_net_that_forgets_the_refund()
    {
        var scene = Sound();
        scene.Change(2, IsCalculated, happened => happened with { Refunded = 10 });
        Assert.Contains("order 2: net 1000 is not gross 1000 less refunded 10", scene.OnlyBroken("I1").Examples);
    }

    [Fact]
    public void I1_a_gross_that_is_not_the_rows()
    {
        var scene = Sound();
        scene.Orders[1] = scene.Orders[1] with { Gross = Minor(1001) };
        Assert.Contains("the row says 10.01 less 0.00 EUR", Assert.Single(scene.OnlyBroken("I1").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I1_a_gross_that_was_edited_longer_before_the_mark_than_the_source_may_be_silent()
    {
        var scene = Sound();
        scene.Orders[1] = scene.Orders[1] with { Gross = Minor(1001), UpdatedAt = Seconds(1) - scene.Options.Silence - TimeSpan.FromSeconds(1) };
        Assert.Contains("the row says 10.01 less 0.00 EUR", Assert.Single(scene.OnlyBroken("I1").Examples), StringComparison.Ordinal);
        scene.Orders[1] = scene.Orders[1] with { UpdatedAt = Seconds(1) - scene.Options.Silence + TimeSpan.FromSeconds(1) };
        Assert.True(scene.Judge().IsSound);
    }

    [Fact]
    public void I1_a_system_that_was_told_another_amount()
    {
        var scene = Sound();
        scene.ChangeEffect("2:tax:0", effect => effect with { Body = Body(2, Leg.Tax, 0, Seconds(1), [new("tax:DE", 191)]) });
        Assert.Equal(["2:tax:0: the system was told tax:DE 191, calculated was tax:DE 190"], scene.OnlyBroken("I1").Examples);
    }

    [Fact]
    public void I1_a_verification_of_another_amount()
    {
        var scene = Sound();
        scene.ChangeEffect("2:verification:0", effect => effect with { Body = Replace(effect.Body, "\"amount\":1000", "\"amount\":999") });
        Assert.Contains("verified were 999 EUR", Assert.Single(scene.OnlyBroken("I1").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I1_lets_a_person_take_what_the_systems_have_only_where_state_was_lost()
    {
        var scene = Sound();
        scene.ChangeEffect("2:verification:0", effect => effect with { Body = Replace(effect.Body, "\"amount\":1000", "\"amount\":999") });
        scene.Options = scene.Options with { HasLostState = true };
        Assert.NotEmpty(scene.OnlyBroken("I1").Examples);
        var confirmed = scene.Streams["2"].FindIndex(happened => happened is { Type: "delivery_confirmed", Key: "2:verification:0" });
        var at = scene.Streams["2"][confirmed].RecordedAt;
        scene.Streams["2"].InsertRange(confirmed,
        [
            new(0, "delivery_dead_lettered") { RecordedAt = at, Key = "2:verification:0", Leg = "verification", Reason = "held: Verification has this call" },
            new(0, "delivery_replayed") { RecordedAt = at, Key = "2:verification:0", Leg = "verification" },
        ]);

        Assert.Contains("verified were 999 EUR", Assert.Single(scene.Judge().Findings.Single(finding => finding.Invariant == "I1").Notes), StringComparison.Ordinal);
        Assert.True(scene.Judge().IsSound);
        scene.Options = scene.Options with { HasLostState = false };
        Assert.NotEmpty(scene.OnlyBroken("I1").Examples);
    }

    [Fact]
    public void I1_a_reversal_that_takes_back_less_than_the_refund()
    {
        var scene = Sound();
        scene.Change(1, happened => happened is { Type: "reversal_requested", N: 2 }, happened => happened with { Refunded = 301 });
        Assert.Equal(["order 1: reversal 2 takes back 200, but the refund rose by 201"], scene.OnlyBroken("I1").Examples);
    }

    [Fact]
    public void I3_a_key_that_took_effect_twice()
    {
        var scene = Sound();
        scene.Effects.Add(scene.Effects.Single(effect => effect.Key == "2:split:0") with { ArrivedAt = Seconds(5), Receipt = "another" });
        Assert.StartsWith("2:split:0 took effect twice", Assert.Single(scene.OnlyBroken("I3").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I3_the_same_call_under_a_key_written_in_another_way()
    {
        var scene = Sound();
        scene.Effects.Add(scene.Effects.Single(effect => effect.Key == "2:split:0") with { ArrivedAt = Seconds(5), Key = "02:split:0" });
        Assert.Contains("'02:split:0'", Assert.Single(scene.OnlyBroken("I3").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_its_system_undid_may_take_effect_anew() => Assert.True(Returned().Judge().IsSound, Returned().Judge().ToText());

    [Fact]
    public void I3_a_new_effect_of_a_call_that_was_not_undone()
    {
        var scene = Returned();
        scene.Effects.RemoveAll(effect => effect.Outcome == EffectOutcome.Returned);
        scene.Streams["2"].RemoveAll(happened => happened.Type == "delivery_returned");
        Assert.StartsWith("2:split:0;r1 took effect at", Assert.Single(scene.OnlyBroken("I3").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I3_a_return_that_the_log_does_not_tell()
    {
        var scene = Returned();
        scene.Streams["2"].RemoveAll(happened => happened.Type == "delivery_returned");
        Assert.StartsWith("2:split:0 was undone at", Assert.Single(scene.OnlyBroken("I3").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I3_a_return_of_which_no_system_knows()
    {
        var scene = Returned();
        scene.Log(3, new(0, "delivery_returned") { RecordedAt = Seconds(50), Key = "3:tax:0", Leg = "tax", Reason = "closed" });
        Assert.Equal(["3:tax:0 is told to be returned, but no system undid it"], scene.OnlyBroken("I3").Examples);
    }

    [Fact]
    public void I3_a_new_effect_with_other_bytes()
    {
        var scene = Returned();
        var at = scene.Effects.FindIndex(effect => effect.Key == "2:split:0;r1");
        scene.Effects[at] = scene.Effects[at] with { Body = Replace(scene.Effects[at].Body, "\"v\"", "\"w\"") };
        Assert.Equal(["2:split:0;r1 came with other bytes than 2:split:0"], scene.OnlyBroken("I3").Examples);
    }

    /// <summary>The bank undid the split of an order, and a person had it paid again.</summary>
    static Scene Returned()
    {
        var scene = Sound();
        var split = scene.Effects.Single(effect => effect.Key == "2:split:0");
        scene.Effects.Add(split with { Outcome = EffectOutcome.Returned, ArrivedAt = Seconds(60), Status = 0 });
        scene.Log(2, new(0, "delivery_returned") { RecordedAt = Seconds(61), Key = "2:split:0", Leg = "split", Reason = "closed" });
        scene.Log(2, new(0, "delivery_dead_lettered") { RecordedAt = Seconds(61), Key = "2:split:0", Leg = "split", Reason = "returned: closed" });
        scene.Log(2, new(0, "delivery_replayed") { RecordedAt = Seconds(70), Key = "2:split:0", Leg = "split", SentAs = "2:split:0;r1" });
        scene.Effects.Add(split with { Key = "2:split:0;r1", ArrivedAt = Seconds(71), Receipt = "anew" });
        scene.Log(2, new(0, "delivery_confirmed") { RecordedAt = Seconds(72), Key = "2:split:0;r1", Leg = "split", Receipt = "anew" });
        return scene;
    }

    [Fact]
    public void I4_an_attempt_with_other_bytes()
    {
        var scene = Sound();
        var split = scene.Effects.Single(effect => effect.Key == "2:split:0");
        scene.Effects.Add(split with { Outcome = EffectOutcome.NotDone, Status = 500, Receipt = null, ArrivedAt = split.ArrivedAt - TimeSpan.FromMilliseconds(1), Body = Replace(split.Body, "\"v\"", "\"w\"") });
        Assert.StartsWith("2:split:0 came with other bytes", Assert.Single(scene.OnlyBroken("I4").Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void I4_an_old_call_under_a_new_number()
    {
        var scene = Sound();
        scene.Effects.Add(new(0, Leg.Split, "2:split:1", Seconds(6), EffectOutcome.Accepted, 201, default, "r", Body(2, Leg.Split, 1, Seconds(1), [new("platform", 60)])));
        scene.Log(2, new(0, "delivery_confirmed") { RecordedAt = Seconds(7), Key = "2:split:1", Leg = "split", N = 1, Receipt = "r" });
        Assert.Equal(["2:split:1 took effect, but the log calculated no such reversal"], scene.OnlyBroken("I4").Examples);
    }

    [Fact]
    public void I7_a_party_that_gives_back_more_than_it_got()
    {
        var scene = Sound();
        MoneyLine[] lines = [new("promoter:5", 100)];
        scene.Change(1, happened => happened is { Type: "reversal_calculated", N: 1 }, happened => happened with { Lines = lines });
        scene.Effects.RemoveAll(effect => effect.Key is "1:split:1" or "1:tax:1");
        scene.Streams["1"].RemoveAll(happened => happened.Key is "1:split:1" or "1:tax:1");
        scene.ChangeEffect("1:commission:1", effect => effect with { Body = Body(1, Leg.Commission, 1, Seconds(20), lines) });
        Assert.Contains("order 1, events: promoter:5 got 20 and gives back 104", scene.OnlyBroken("I7").Examples);
    }

    [Fact]
    public void I7_a_refund_that_is_told_twice()
    {
        var scene = Sound();
        scene.Log(1, new(0, "reversal_requested") { RecordedAt = Seconds(60), N = 3, Refunded = 300 });
        scene.Log(1, new(0, "reversal_completed") { RecordedAt = Seconds(61), N = 3 });
        Assert.Equal(["order 1: reversal 3 asks for 300, which is no increase over 300"], scene.OnlyBroken("I7").Examples);
    }

    static bool IsCalculated(LoggedEvent happened) => happened.Type == "settlement_calculated";

    static byte[] Replace(byte[] body, string from, string to) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace(from, to, StringComparison.Ordinal));
}
