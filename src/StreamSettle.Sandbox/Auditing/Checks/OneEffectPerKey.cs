using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Downstreams.Effects;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>I3: money moves once, and again only where its system undid it. Counted from the raw effects, so that an unreadable key hides nothing.</summary>
internal sealed class OneEffectPerKey : IAuditCheck
{
    public string Invariant => "I3";

    public string Title => "at most one accepted effect per key, and per order, leg and number";

    public void Run(AuditContext world, FindingBuilder findings)
    {
        var seen = new Dictionary<CallKey, long>();
        foreach (var effect in world.World.Effects.Where(effect => effect.Outcome == EffectOutcome.Accepted))
        {
            findings.Checked();
            // Written in any other way than its own ("042:split:0"), the same call would pass as another.
            if (!CallKey.TryParse(effect.Key, out var key) || key.Leg != effect.System)
            {
                findings.Violation($"effect {effect.Sequence} at {effect.System} has the key '{effect.Key}', which is none of that system's");
            }
            else if (!seen.TryAdd(key, effect.Sequence))
            {
                findings.Violation($"{effect.Key} took effect twice: {seen[key]} and {effect.Sequence}");
            }
        }

        UndoneEffects.Check(world, findings);
    }
}
