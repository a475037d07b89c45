using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Downstreams.Effects;
using Xunit;
using static StreamSettle.Sandbox.Tests.Audit.Scene;

namespace StreamSettle.Sandbox.Tests.Audit;

/// <summary>I5 of calls that rest on one which its system undid.</summary>
public class ReopenedOrderTests
{
    /// <summary>Order 2's verification is undone at 1.0101, confirmed anew at 6, and what rests on it goes then.</summary>
    /// <param name="toldAt">Where in the order's stream the return is told.</param>
    static Scene Reopened(Func<Scene, int> toldAt, params string[] legs)
    {
        var scene = new Scene { Options = new() { OrderSlack = TimeSpan.FromMilliseconds(500) } }.Settle(1, Seconds(0)).Settle(2, Seconds(1)).Settle(3, Seconds(2));
        var stream = scene.Streams["2"];
        var undone = scene.Effects.Single(effect => effect.Key == "2:verification:0");
        scene.Effects.Add(undone with { Outcome = EffectOutcome.Returned, ArrivedAt = Seconds(1.0101), Status = 0 });
        stream.Insert(toldAt(scene), new(0, "delivery_returned") { RecordedAt = Seconds(1.0102), Key = "2:verification:0", Leg = "verification" });
        scene.Effects.Add(undone with { Key = "2:verification:0;r1", ArrivedAt = Seconds(5.9), Receipt = "anew" });
        stream.RemoveAll(happened => happened.Type is "settlement_completed");
        foreach (var leg in legs)
        {
            stream.RemoveAll(happened => happened.Key == $"2:{leg}:0");
        }

        scene.Log(2, new(0, "delivery_replayed") { RecordedAt = Seconds(5), Key = "2:verification:0", SentAs = "2:verification:0;r1", Leg = "verification" });
        scene.Log(2, new(0, "delivery_confirmed") { RecordedAt = Seconds(6), Key = "2:verification:0;r1", Leg = "verification", Receipt = "anew" });
        for (var at = 0; at < legs.Length; at++)
        {
            var (key, when) = ($"2:{legs[at]}:0", Seconds(6.01 + at * 0.01));
            scene.ChangeEffect(key, effect => effect with { ArrivedAt = when });
            scene.Log(2, new(0, "delivery_confirmed") { RecordedAt = when, Key = key, Leg = legs[at], Receipt = $"r-{key}" });
        }

        scene.Log(2, new(0, "settlement_completed") { RecordedAt = Seconds(7) });
        return scene;
    }

    static Finding I5(Scene scene) => scene.Judge().Findings.Single(finding => finding.Invariant == "I5");

    static int Behind(Scene scene, string key) => scene.Streams["2"].FindIndex(happened => happened.Key == key && happened.Type == "delivery_confirmed") + 1;

    [Fact]
    public void What_rests_on_a_call_that_was_undone_before_its_confirmation_was_told_waits_for_the_new_effect()
    {
        var scene = Reopened(scene => Behind(scene, "2:verification:0") - 1, "split", "tax", "commission");
        Assert.Equal(0, I5(scene).Violations);
    }

    [Fact]
    public void What_had_been_let_go_before_the_return_was_told_does_not()
    {
        var scene = Reopened(scene => Behind(scene, "2:verification:0"), "split", "tax", "commission");
        Assert.Contains(I5(scene).Examples, text => text.Contains("before 2:split:0 (ready", StringComparison.Ordinal));
    }

    [Fact]
    public void A_leg_that_was_not_let_go_yet_waits_though_the_one_before_it_went_on()
    {
        Assert.Equal(0, I5(Reopened(scene => Behind(scene, "2:verification:0"), "commission")).Violations);
        Assert.Contains(I5(Reopened(scene => Behind(scene, "2:split:0"), "commission")).Examples, text => text.Contains("before 2:commission:0 (ready", StringComparison.Ordinal));
    }
}
