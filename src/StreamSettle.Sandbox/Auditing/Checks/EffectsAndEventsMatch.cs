using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Auditing.World;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>I8: what the systems did and what the log says they did, one to one; and no version is missing.</summary>
internal sealed class EffectsAndEventsMatch : IAuditCheck
{
    public string Invariant => "I8";

    public string Title => "effects and events match one to one, versions have no gap";

    public void Run(AuditContext world, FindingBuilder findings)
    {
        foreach (var stream in world.World.Streams)
        {
            findings.Checked();
            Versions(stream, findings);
        }

        var pending = world.Accepted.Count(call => !FromEffect(world, call, findings));
        if (pending > 0)
        {
            findings.Note($"{pending} effects are younger than the grace and not confirmed yet");
        }

        foreach (var call in world.Histories.Values.SelectMany(history => history.Calls.Values).Where(call => call.Confirmed.Count > 0))
        {
            FromEvent(world, call, findings);
        }

        Invoices(world, findings);
    }

    static void Versions(EventStream stream, FindingBuilder findings)
    {
        for (var at = 0; at < stream.Events.Count; at++)
        {
            if (stream.Events[at].Version != at + 1)
            {
                findings.Violation($"stream {stream.Id}: version {at + 1} is expected, {stream.Events[at].Version} is there");
                return;
            }
        }

        findings.Require(stream.Version == stream.Events.Count, () => $"stream {stream.Id} says version {stream.Version}, but has {stream.Events.Count} events");
    }

    /// <returns>False while it is too early to judge.</returns>
    static bool FromEffect(AuditContext world, AcceptedCall accepted, FindingBuilder findings)
    {
        var call = world.Histories.GetValueOrDefault(accepted.Key.Order.ToString())?.Calls.GetValueOrDefault(accepted.Key.ToString());
        if (call is { Confirmed.Count: > 0 })
        {
            return true;
        }

        if (!world.IsOld(accepted.Effect.ArrivedAt))
        {
            return false;
        }

        // Given up while its outcome was unknown: a person will find that it was done.
        var unknown = call is { Discarded: true } || call?.DeadLetter?.Reason?.StartsWith("unknown:", StringComparison.Ordinal) == true;
        findings.Require(unknown, () => $"{accepted.Key} took effect at {accepted.Effect.ArrivedAt}, but the log {(call?.DeadLetter is { } dead ? $"gave it up: {dead.Reason}" : "does not confirm it")}");
        return true;
    }

    static void FromEvent(AuditContext world, CallHistory call, FindingBuilder findings)
    {
        findings.Require(call.Confirmed.Count == 1, () => $"{call.Key} is confirmed {call.Confirmed.Count} times");
        var receipt = call.Confirmed[0].Receipt;
        var accepted = CallKey.TryParse(call.Key, out var key) ? world.ByKey.GetValueOrDefault(key) : null;
        findings.Require(
            accepted is not null && accepted.Effect.Receipt == receipt,
            () => $"{call.Key} is confirmed with receipt '{receipt}', but the system {(accepted is null ? "never did it" : $"gave '{accepted.Effect.Receipt}'")}");
    }

    static void Invoices(AuditContext world, FindingBuilder findings)
    {
        var taken = world.World.Effects.Where(effect => effect.Outcome == EffectOutcome.Patched).ToLookup(effect => effect.Key);
        var told = world.World.Streams.SelectMany(stream => stream.Events).Where(happened => happened.Type == EventTypes.InvoiceDelivered).CountBy(happened => happened.Key ?? "").ToDictionary();
        foreach (var (key, times) in told)
        {
            findings.Require(taken.Contains(key), () => $"the invoice of {key} is said to be sent, but no system took it");
            findings.Require(times == 1, () => $"the invoice of {key} is said to be sent {times} times");
        }

        // Only what was answered well: else nobody knew, and it may have been given up.
        foreach (var patch in taken.SelectMany(patches => patches).Where(patch => patch.Fault == FaultKind.None && world.IsOld(patch.ArrivedAt)))
        {
            findings.Require(told.ContainsKey(patch.Key), () => $"the invoice of {patch.Key} was taken at {patch.ArrivedAt}, but the log does not say so");
        }
    }
}
