using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Downstreams.Effects;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>The part of I3 that is about effects which a system undid: what was undone is in the log once, and a new effect of a call comes only after the one before it was undone, with its bytes.</summary>
internal static class UndoneEffects
{
    public static void Check(AuditContext world, FindingBuilder findings)
    {
        var undone = world.World.Effects.Where(effect => effect.Outcome == EffectOutcome.Returned).GroupBy(effect => effect.Key).ToDictionary(group => group.Key, group => group.First());
        foreach (var call in world.Accepted.Where(call => call.Key.Returns > 0))
        {
            var before = call.Key.BeforeReturn();
            findings.Require(
                undone.TryGetValue(before.ToString(), out var undoing) && undoing.Sequence < call.Effect.Sequence, () => $"{call.Key} took effect at {call.Effect.ArrivedAt}, but {before} was not undone before");
            findings.Require(
                world.ByKey.TryGetValue(before, out var first) && first.Effect.Body.AsSpan().SequenceEqual(call.Effect.Body), () => $"{call.Key} came with other bytes than {before}");
        }

        foreach (var effect in undone.Values.Where(effect => world.IsOld(effect.ArrivedAt)))
        {
            findings.Require(Told(world, effect.Key) == 1, () => $"{effect.Key} was undone at {effect.ArrivedAt}, which the log tells {Told(world, effect.Key)} times");
        }

        foreach (var key in world.Histories.Values.SelectMany(history => history.Calls.Values).Where(call => call.Returned > 0).Select(call => call.Key))
        {
            findings.Require(undone.ContainsKey(key), () => $"{key} is told to be returned, but no system undid it");
        }
    }

    static int Told(AuditContext world, string key) =>
        CallKey.TryParse(key, out var call) ? world.Histories.GetValueOrDefault(call.Order.ToString())?.Calls.GetValueOrDefault(key)?.Returned ?? 0 : 0;
}
