using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>Since when a call could be sent: mark passed and order known, the legs before it confirmed and not undone, nothing holding it.</summary>
internal static class Readiness
{
    /// <summary>Null where the log does not tell (I8 and I4 see to that), and of a call that others were let pass.</summary>
    public static ReadyCall? Of(AuditContext world, AcceptedCall call)
    {
        if (!world.Histories.TryGetValue(call.Key.Order.ToString(), out var history) || history.Calculated is not { } calculated)
        {
            return null;
        }

        var ready = call.Key.N > 0 ? OfReversal(history, call) : call.Key.Leg switch
        {
            // After a refusal the row's later change made it ready; only the calculation tells when that was.
            Leg.Verification => history.WasRefused
                ? new ReadyCall(call, calculated.RecordedAt, ReadyBy.Freed)
                : new ReadyCall(call, Later(call.DueAt, history.PassedSince ?? calculated.RecordedAt), ReadyBy.Mark),
            Leg.Split when history.PaidOut is { } paidOut => Behind(history, call, paidOut, ReadyBy.Freed),
            Leg.Split or Leg.Tax => Confirmed(history, call, Leg.Verification, ReadyBy.VerificationConfirmed),
            Leg.Commission => LegLines.Of(calculated.Lines, Leg.Split).Any()
                ? Confirmed(history, call, Leg.Split, ReadyBy.SplitConfirmed)
                : Confirmed(history, call, Leg.Verification, ReadyBy.VerificationConfirmed),
            _ => null,
        };
        return ready is { } known && Freed(history, known) is var freed && !WasPassed(history, freed) ? Seen(world, ToldLater(world, freed)) : null;
    }

    /// <summary>It was given up, so that others went on, and then took effect all the same: a system did late what it had said it had not done.</summary>
    static bool WasPassed(OrderHistory history, ReadyCall ready) =>
        history.Calls.TryGetValue(ready.Call.Key.ToString(), out var call) && call.DeadLetteredAt.Any(at => at >= ready.ReadyAt && at <= ready.Call.Effect.ArrivedAt);

    static ReadyCall? Confirmed(OrderHistory history, AcceptedCall call, Leg before, ReadyBy by) =>
        history.Confirmation(before.Name(), call.Key.N) is { } confirmed ? Behind(history, call, confirmed, by) : null;

    /// <summary>A call waits for one that it rests on and that was undone, until that has taken effect anew.</summary>
    static ReadyCall Behind(OrderHistory history, AcceptedCall call, LoggedEvent letGo, ReadyBy by)
    {
        ReadOnlySpan<Leg> restsOn = call.Key.Leg == Leg.Commission ? [Leg.Verification, Leg.Split] : [Leg.Verification];
        var last = history.Reopenings.After(letGo, call.Key.N, restsOn);
        return new(call, last.RecordedAt, last == letGo ? by : ReadyBy.Freed);
    }

    /// <summary>A reversal starts when everything before it is confirmed or discarded.</summary>
    static ReadyCall? OfReversal(OrderHistory history, AcceptedCall call)
    {
        if (history.Reversals.FirstOrDefault(reversal => reversal.N == call.Key.N)?.Calculated.FirstOrDefault() is not { } calculated)
        {
            return null;
        }

        // A call of before that its system undid, and that took effect anew since, says nothing of it.
        var before = history.Calls.Values.SelectMany(earlier => earlier.Confirmed)
            .Where(confirmed => confirmed.N < call.Key.N && confirmed.Leg != "tax-refund" && !(IsAnew(confirmed) && confirmed.RecordedAt > calculated.RecordedAt)).Select(confirmed => confirmed.RecordedAt);
        var at = before.Append(calculated.RecordedAt).Max();
        if (call.Key.Leg == Leg.Commission && Confirmed(history, call, Leg.Split, ReadyBy.Freed) is { } behind)
        {
            at = Later(at, behind.ReadyAt);
        }

        return new(call, at, ReadyBy.Freed);
    }

    /// <summary>A call that a person freed queues anew; what was freed after it had taken effect changes nothing.</summary>
    static ReadyCall Freed(OrderHistory history, ReadyCall ready)
    {
        var arrived = ready.Call.Effect.ArrivedAt;
        var replays = history.Calls.TryGetValue(ready.Call.Key.ToString(), out var call) ? call.ReplayedAt : [];
        var freed = replays.Concat(history.ReleasedAt).Where(at => at <= arrived && at > ready.ReadyAt).ToArray();
        return freed.Length == 0 ? ready : ready with { ReadyAt = freed.Max(), By = ReadyBy.Freed };
    }

    /// <summary>What a confirmation let go is held against what something else did, such as a reversal's start or a payout's day.</summary>
    static ReadyCall Seen(AuditContext world, ReadyCall ready) => ready with
    {
        SeenAt = ready.IsExact ? world.Seen.Of(ready.ReadyAt) : ready.ReadyAt,
    };

    static ReadyCall ToldLater(AuditContext world, ReadyCall ready) => world.Options.HasLostState && ready.ReadyAt > ready.Call.Effect.ArrivedAt
        ? ready with { ReadyAt = ready.Call.Effect.ArrivedAt, By = ReadyBy.Freed }
        : ready;

    static bool IsAnew(LoggedEvent confirmed) => CallKey.TryParse(confirmed.Key!, out var key) && key.Returns > 0;

    static UtcInstant Later(UtcInstant one, UtcInstant other) => one > other ? one : other;
}
