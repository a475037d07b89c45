using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Downstreams.Effects;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>I4: over all attempts, done or not, a key has one body; and nobody made a new key for an old call.</summary>
internal sealed class FrozenBytes : IAuditCheck
{
    public string Invariant => "I4";

    public string Title => "a call is resent under its own key with its own bytes";

    public void Run(AuditContext world, FindingBuilder findings)
    {
        var bodies = new Dictionary<(Leg System, string Key), byte[]>();
        foreach (var effect in world.World.Effects.Where(effect => effect.Outcome != EffectOutcome.Patched))
        {
            if (bodies.TryAdd((effect.System, effect.Key), effect.Body))
            {
                findings.Checked();
                continue;
            }

            var first = bodies[(effect.System, effect.Key)];
            findings.Require(ReferenceEquals(first, effect.Body) || first.AsSpan().SequenceEqual(effect.Body), () => $"{effect.Key} came with other bytes at {effect.ArrivedAt} (effect {effect.Sequence})");
        }

        foreach (var call in world.Accepted.Where(call => call.Key.Leg != Leg.TaxRefund && world.IsOld(call.Effect.ArrivedAt)))
        {
            var history = world.Histories.GetValueOrDefault(call.Key.Order.ToString());
            var meant = call.Key.N == 0 ? history?.Calculated is not null : history?.Reversals.Any(reversal => reversal.N == call.Key.N && reversal.Calculated.Count > 0) == true;
            findings.Require(meant, () => $"{call.Key} took effect, but the log calculated no such {(call.Key.N == 0 ? "settlement" : "reversal")}");
        }
    }
}
